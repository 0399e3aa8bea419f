"""For the tests of whoever uses flags."""

from __future__ import annotations

from collections.abc import Mapping

from django.test.utils import TestContextDecorator

from . import overrides
from .declarations import Flag, name_of
from .store import forget_snapshot as forget_snapshot  # noqa: PLC0414 -- public here


class override_flags(TestContextDecorator):  # noqa: N801 -- used like a function, as Django's are
    """Put answers in place of flags, for every thread of this process.

    A context manager, and a decorator of functions, coroutines and test classes. It stands above
    rules and prerequisites; only a kill stands above it. Other processes do not see it.

    Args:
        answers: what each flag answers, by name or declaration.

    Raises:
        InvalidFlag: a key cannot name a flag.
        TypeError: an answer is neither True nor False.

    """

    def __init__(self, answers: Mapping[Flag | str, bool]) -> None:
        super().__init__()
        for flag, on in answers.items():
            if not isinstance(on, bool):
                raise TypeError(f"override_flags: {flag} is on or off, True or False, not {on!r}.")
        self.answers = {name_of(flag): on for flag, on in answers.items()}
        self._numbers: list[int] = []

    def enable(self) -> None:
        """Put the answers in place."""
        self._numbers.append(overrides.put(self.answers))

    def disable(self) -> None:
        """Take the answers away."""
        overrides.take_away(self._numbers.pop())
