"""What became of the users of a backfill, in numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

from ..assignments import Outcome


@dataclass(frozen=True, slots=True)
class Counts:
    """How many users ended in which way; each is in one of the numbers.

    Attributes:
        migrated: moved now, or brought up to date now.
        unchanged: nothing was to be written, or a newer release or retiring forbids it.
        failed: not moved, and tried again by the next pass; legacy decides until then.
        quarantined: not moved, and not tried again until somebody looks; legacy decides.
        busy: held by somebody else at every try; left to its first access or the next pass.

    """

    migrated: int = 0
    unchanged: int = 0
    failed: int = 0
    quarantined: int = 0
    busy: int = 0

    @property
    def total(self) -> int:
        """How many users that is."""
        return self.migrated + self.unchanged + self.failed + self.quarantined + self.busy

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(a + b for a, b in zip(self.values(), other.values(), strict=True)))

    def __sub__(self, other: Counts) -> Counts:
        return Counts(*(a - b for a, b in zip(self.values(), other.values(), strict=True)))

    def values(self) -> tuple[int, ...]:
        """Return the numbers in the order of :data:`NAMES`."""
        return tuple(asdict(self).values())


NAMES = tuple(field.name for field in fields(Counts))
"""The numbers, and the columns of a chunk that hold them."""

_NUMBER = {
    Outcome.MIGRATED: "migrated",
    Outcome.CHANGED: "migrated",
    Outcome.UNCHANGED: "unchanged",
    Outcome.RETIRED: "unchanged",
    Outcome.NEWER_MAPPING: "unchanged",
    Outcome.FAILED: "failed",
    Outcome.QUARANTINED: "quarantined",
    Outcome.BUSY: "busy",
}


def counted(outcomes: Iterable[Outcome]) -> Counts:
    """Count outcomes by the number that they belong to."""
    numbers = dict.fromkeys(NAMES, 0)
    for outcome in outcomes:
        numbers[_NUMBER[outcome]] += 1
    return Counts(**numbers)
