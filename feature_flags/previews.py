"""Who flips, before anything is saved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .declarations import Flag
from .evaluator import evaluate
from .snapshot import Snapshot
from .subjects import FlagSubject


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a change does to the subjects that were looked at.

    Attributes:
        on: ids of the subjects that go on.
        off: ids of the subjects that go off.
        stays_on: how many are on before and after.
        stays_off: how many are off before and after.
        units_on: the units that go on as a whole, before any look at single people.
        units_off: the units that go off as a whole.
        alone_on: those of ``on`` who are in no unit.
        alone_off: those of ``off`` who are in no unit.

    """

    on: tuple[str, ...]
    off: tuple[str, ...]
    stays_on: int
    stays_off: int
    units_on: tuple[str, ...]
    units_off: tuple[str, ...]
    alone_on: tuple[str, ...]
    alone_off: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"on for {len(self.units_on)} units and {len(self.on)} subjects "
            f"({len(self.alone_on)} of them in no unit); off for {len(self.units_off)} units and "
            f"{len(self.off)} subjects ({len(self.alone_off)} of them in no unit); unchanged "
            f"{self.stays_on} on, {self.stays_off} off"
        )


def preview(
    before: Snapshot, after: Snapshot, flag: Flag, subjects: Iterable[FlagSubject]
) -> Preview:
    """Compare two snapshots, subject by subject and unit by unit.

    Args:
        before: usually ``current_snapshot()``.
        after: made of it by ``with_rule``, ``without_rule`` or ``with_percentage``.
        flag: the flag that is asked.
        subjects: everybody whom the answer is to count.

    """
    units: set[str] = set()
    sorted_out: dict[tuple[bool, bool], list[FlagSubject]] = {
        (was, will): [] for was in (True, False) for will in (True, False)
    }
    for subject in subjects:
        change = (bool(evaluate(before, flag, subject)), bool(evaluate(after, flag, subject)))
        sorted_out[change].append(subject)
        units.update(subject.declared_units)
    on, off = sorted_out[False, True], sorted_out[True, False]
    were, will_be = _on(before, flag, units), _on(after, flag, units)
    return Preview(
        on=_ids(on),
        off=_ids(off),
        stays_on=len(sorted_out[True, True]),
        stays_off=len(sorted_out[False, False]),
        units_on=tuple(sorted(will_be - were)),
        units_off=tuple(sorted(were - will_be)),
        alone_on=_ids(subject for subject in on if subject.alone),
        alone_off=_ids(subject for subject in off if subject.alone),
    )


def unit_is_on(snapshot: Snapshot, flag: Flag, unit: str) -> bool:
    """Tell whether a flag is on for a unit as a whole: for a member of it whom no rule names."""
    return bool(evaluate(snapshot, flag, FlagSubject("", lambda: (unit,))))


def _on(snapshot: Snapshot, flag: Flag, units: Iterable[str]) -> set[str]:
    return {unit for unit in units if unit_is_on(snapshot, flag, unit)}


def _ids(subjects: Iterable[FlagSubject]) -> tuple[str, ...]:
    return tuple(subject.id for subject in subjects)
