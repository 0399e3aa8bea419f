"""Who would flip if a stage were set: counted before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.contrib.auth import get_user_model

from feature_flags import Effect, FlagSubject, Preview, Snapshot, current_snapshot, preview
from feature_flags.cohorts import Kind

from .. import conf
from . import units
from .flags import FLAGS
from .stage import Stage

BATCH = 2_000
_UPWARDS = tuple(FLAGS)


@dataclass(slots=True)
class Flips:
    """What a change does to one flag.

    Attributes:
        on, off: how many people go on, and off.
        alone_on, alone_off: how many of them are in no unit.
        stays_on: how many are on before and after; not counted where nobody can flip.
        units_on, units_off: the units that go on, and off, as a whole.

    """

    on: int = 0
    off: int = 0
    alone_on: int = 0
    alone_off: int = 0
    stays_on: int = 0
    units_on: set[str] = field(default_factory=set)
    units_off: set[str] = field(default_factory=set)

    def add(self, found: Preview) -> None:
        """Count what a preview of some people says."""
        self.on += len(found.on)
        self.off += len(found.off)
        self.alone_on += len(found.alone_on)
        self.alone_off += len(found.alone_off)
        self.stays_on += found.stays_on
        self.units_on.update(found.units_on)
        self.units_off.update(found.units_off)


def flips_of_stage(spec: str, stage: Stage) -> dict[Stage, Flips]:
    """Return what setting a cohort's stage would do, flag by flag.

    Args:
        spec: a cohort in the words of the flags, as :func:`cohorts.parsed` returns it.
        stage: the stage that would hold.

    """
    before = current_snapshot()
    return _flips(before, with_stage(before, spec, stage))


def flips_of_cap(spec: str, stage: Stage) -> dict[Stage, Flips]:
    """Return what capping a cohort would do, flag by flag; arguments as ``flips_of_stage``."""
    before = current_snapshot()
    return _flips(before, with_cap(before, spec, stage))


def with_stage(snapshot: Snapshot, spec: str, stage: Stage) -> Snapshot:
    """Return the snapshot that ``writing.write_stage`` would lead to."""
    for each in _UPWARDS:
        if each.rank > stage.rank:
            snapshot = _without(snapshot, each, spec)
        else:
            snapshot = _with(snapshot, each, spec, exactly=each is stage)
    return snapshot


def with_cap(snapshot: Snapshot, spec: str, stage: Stage) -> Snapshot:
    """Return the snapshot that ``writing.uncap`` and ``writing.cap`` would lead to."""
    name = snapshot.cohort(spec).name
    for flag in FLAGS.values():
        kept = (
            rule
            for rule in snapshot.rules(flag)
            if rule.cohort.name != name or rule.effect is Effect.ADMIT
        )
        snapshot = snapshot.with_rules(flag, tuple(kept))
    if stage is Stage.RETIRED:
        return snapshot
    return snapshot.with_rule(FLAGS[_UPWARDS[stage.rank]], spec, Effect.DENY)


def asks_one_by_one() -> bool:
    """Whether the units of each person have to be asked for singly, which takes its time."""
    settings = conf.get()
    return settings.unit_of is not None and not (settings.units and settings.members_of)


def _with(snapshot: Snapshot, stage: Stage, spec: str, *, exactly: bool) -> Snapshot:
    flag, cohort = FLAGS[stage], snapshot.cohort(spec)
    rules = [r for r in snapshot.rules(flag) if r.effect is Effect.ADMIT]
    if cohort.kind is Kind.PERCENTAGE:
        now = max((rule.cohort.basis_points for rule in rules), default=0)
        if exactly or cohort.basis_points > now:
            return snapshot.with_percentage(flag, cohort.basis_points)
        return snapshot
    known = any(rule.cohort.name == cohort.name for rule in rules)
    return snapshot if known else snapshot.with_rule(flag, spec)


def _without(snapshot: Snapshot, stage: Stage, spec: str) -> Snapshot:
    flag, cohort = FLAGS[stage], snapshot.cohort(spec)
    rules = [r for r in snapshot.rules(flag) if r.effect is Effect.ADMIT]
    if cohort.kind is Kind.PERCENTAGE:
        return snapshot.with_percentage(flag, 0) if any(r.ramps for r in rules) else snapshot
    known = any(rule.cohort.name == cohort.name for rule in rules)
    return snapshot.without_rule(flag, spec) if known else snapshot


def _flips(before: Snapshot, after: Snapshot) -> dict[Stage, Flips]:
    found = {stage: Flips() for stage in _UPWARDS}
    touched = [stage for stage in _UPWARDS if _differ(before, after, stage)]
    everybody = iter(_everybody((before, after)) if touched else ())
    while batch := list(islice(everybody, BATCH)):
        for stage in touched:
            found[stage].add(preview(before, after, FLAGS[stage], batch))
    return found


def _differ(before: Snapshot, after: Snapshot, stage: Stage) -> bool:
    """Whether anybody may flip: the flag's own plan is another, or that of its prerequisite."""
    flags = [FLAGS[stage]]
    while flags[-1].prerequisite is not None:
        flags.append(flags[-1].prerequisite)
    return any(before.plan(flag) != after.plan(flag) for flag in flags)


def _everybody(snapshots: tuple[Snapshot, Snapshot]) -> Iterator[FlagSubject]:
    rows = get_user_model()._base_manager.using(conf.get().database).order_by("pk")
    if _chooses_by(snapshots, Kind.GROUP) and hasattr(get_user_model(), "groups"):
        rows = rows.prefetch_related("groups")
    units_of = _units_of(by_unit=_chooses_by(snapshots, Kind.UNIT, Kind.PERCENTAGE))
    for user in rows.iterator(chunk_size=BATCH):
        yield FlagSubject.of_user(user, units=_later(units_of, str(user.pk)))


def _later(units_of: Callable[[str], tuple[str, ...]], subject: str) -> Callable[[], Any]:
    return lambda: units_of(subject)


def _units_of(*, by_unit: bool) -> Callable[[str], tuple[str, ...]]:
    if conf.get().unit_of is None:
        return lambda _: ()
    if asks_one_by_one():
        return units.of if by_unit else lambda _: ()
    found: dict[str, list[str]] = {}
    for unit in units.every():
        for subject in units.members_of(unit) or ():
            found.setdefault(str(subject), []).append(unit)
    return lambda subject: tuple(found.get(subject, ()))


def _chooses_by(snapshots: Iterable[Snapshot], *kinds: Kind) -> bool:
    for snapshot in snapshots:
        for flag in FLAGS.values():
            plan = snapshot.plan(flag)
            rules = (*plan.denials, *plan.testers, *plan.holds, *plan.by_subject, *plan.by_unit)
            by_waffle = plan.waffle is not None and bool(plan.waffle.groups)
            if any(r.cohort.kind in kinds for r in rules) or (by_waffle and Kind.GROUP in kinds):
                return True
    return False
