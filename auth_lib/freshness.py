"""Whether a token is behind: what a service knows of changes since it was issued."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple, Protocol

from .claims import Claims


class Freshness(NamedTuple):
    """What is known now of a subject.

    Attributes:
        generation: the newest generation of its facts; None: not known, which is never "fresh".
        renewed_from: tokens issued before this second are stale; 0: none is.

    """

    generation: int | None = None
    renewed_from: int = 0

    def is_behind(self, claims: Claims) -> bool | None:
        """Whether the facts have changed since; None where nobody can tell."""
        if self.generation is None or not claims.generation:
            return None
        return claims.generation < self.generation

    def is_stale(self, claims: Claims) -> bool:
        """Whether the issuer wants every token of that time renewed, whoever's it is."""
        return claims.issued_at < self.renewed_from


UNKNOWN = Freshness()


class GenerationSource(Protocol):
    """Where a service learns of changes. It raises nothing: what it cannot learn is unknown."""

    def look(self, subject: str) -> Freshness:
        """Return what is known of a subject."""

    def would_wait(self, subject: str) -> bool:
        """Whether :meth:`look` would wait for a network; then call it in a thread."""


class Remembered:
    """Asks a source about each subject at most once in a while.

    Args:
        source: asked when nothing younger is known.
        seconds: how long an answer is good.
        max_subjects: how many answers are kept.
        clock: a monotonic one, in seconds.

    """

    def __init__(
        self,
        source: GenerationSource,
        *,
        seconds: float = 1.0,
        max_subjects: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source
        self._seconds = seconds
        self._max_subjects = max_subjects
        self._clock = clock
        self._known: OrderedDict[str, tuple[float, Freshness]] = OrderedDict()

    def look(self, subject: str) -> Freshness:
        """Return what is known, from memory while that is young."""
        known = self._known.get(subject)
        now = self._clock()
        if known is not None and now < known[0]:
            return known[1]
        found = self._source.look(subject)
        self._known.pop(subject, None)
        self._known[subject] = (now + self._seconds, found)
        while len(self._known) > self._max_subjects:
            self._known.popitem(last=False)
        return found

    def would_wait(self, subject: str) -> bool:
        """Whether the source must be asked, and would wait."""
        known = self._known.get(subject)
        fresh = known is not None and self._clock() < known[0]
        return not fresh and self._source.would_wait(subject)
