"""Who looks as whom in this unit of work; never an attribute of a user object."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from auth_lib import Context

MAX_SECONDS = 60 * 60
"""How long a view-as may last at most."""


@dataclass(frozen=True, slots=True)
class Viewing:
    """A subject that looks at one context, and what is below it, as a role.

    Attributes:
        subject: who looks.
        role: the name of the role as which it looks.
        context: where; elsewhere nothing changes.
        until: when it ends, in seconds of the system clock.
        safe: whether the request only reads; an unsafe one is denied in the context.

    """

    subject: str
    role: str
    context: Context
    until: float
    safe: bool = True


class Later:
    """A view-as that is looked up when the first question is asked, and not before.

    Args:
        find: looks it up, once; where it raises, the question fails and the next one looks again.

    """

    __slots__ = ("_find", "_found")

    def __init__(self, find: Callable[[], Viewing | None]) -> None:
        self._find: Callable[[], Viewing | None] | None = find
        self._found: Viewing | None = None

    def get(self) -> Viewing | None:
        """Return it; None where nobody views as a role."""
        if self._find is not None:
            self._found = self._find()
            self._find = None
        return self._found


_viewing: ContextVar[Viewing | Later | None] = ContextVar("authmigration_viewing", default=None)


@contextmanager
def looking(viewing: Viewing | Later | None) -> Iterator[None]:
    """Let every decision inside the block be made for a subject that looks as a role."""
    token = _viewing.set(viewing)
    try:
        yield
    finally:
        _viewing.reset(token)


def is_viewing() -> bool:
    """Whether anybody views as a role in this unit of work."""
    return _now() is not None


def current(subject: str | None) -> Viewing | None:
    """Return as what a subject looks now; None if as itself."""
    if subject is None:
        return None
    viewing = _now()
    if viewing is None or viewing.subject != subject or viewing.until <= time.time():
        return None
    return viewing


def _now() -> Viewing | None:
    viewing = _viewing.get()
    return viewing.get() if isinstance(viewing, Later) else viewing
