"""A source of generations that is not asked about everybody at every request."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from .freshness import Freshness, GenerationSource


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
