"""Making snapshots: what is pinned, what is read, and which world decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from auth_lib import PLATFORM, Fact, HeldRoles

from .. import counters, pins, registry
from ..assignments.gathering import facts_of
from ..lazy_migration import bring_all_up_to_date, bring_up_to_date
from ..rollout import CEILING, Stage, Staged, may_be_retired, overrides, stage_of, stages_of
from ..selectors import NATIVE, Loaded, SourcedFact
from ..subjects import Subject
from .reading import Read, read
from .snapshot import CENTRAL, LEGACY, Snapshot, yielded_by_sources


def snapshot_of(subject: Subject) -> Snapshot:
    """Return the snapshot of a subject: the pinned one, or a new one."""
    pin = pins.current()
    if pin is None:
        return _made(subject)
    key = subject.id or ""
    found = pin.snapshots.get(key)
    # Whoever has learnt that an account is closed must not be answered as if it were open.
    if found is None or (found.subject.active and not subject.active):
        found = _made(subject)
        if key not in pin.unsettled:
            pin.snapshots[key] = found
    return found


def prefetch(subjects: Iterable[Subject]) -> None:
    """Pin the snapshots of several subjects, read in one statement; needs a pin to keep them."""
    pin = pins.current()
    if pin is None:
        return
    known = pin.snapshots.keys() | pin.unsettled
    wanted = [s for s in subjects if s.id is not None and s.id not in known]
    staged = stages_of(wanted)
    reading = [subject for subject, each in staged.items() if _reads(each)]
    found = read(reading) if reading else Read()
    due = [each for each in found.loaded.values() if _is_followed(staged[each.subject], each)]
    ready = bring_all_up_to_date(due) if due else {}
    for subject in wanted:
        key = str(subject.id)
        pin.snapshots[key] = _with(subject, staged[key], found, ready)


def fresh_snapshot(subject: Subject) -> Snapshot:
    """Return a new snapshot of a subject, whatever is pinned; for confirming a difference."""
    return _made(subject)


def _made(subject: Subject) -> Snapshot:
    staged = stage_of(subject)
    if subject.id is None or not _reads(staged):
        return _with(subject, staged, Read())
    return _with(subject, staged, read([subject.id]))


def _reads(staged: Staged) -> bool:
    # Behind the point of no return a kill must not bring the dead legacy answers back, even for
    # somebody who has left the cohort since.
    if staged.stage is Stage.OFF:
        return staged.rule != CEILING and may_be_retired()
    return True


def _unread(subject: Subject, staged: Staged, native: tuple[Fact, ...] | None) -> Snapshot:
    nothing = _nothing(subject)
    if staged.stage.rank < Stage.ENFORCE.rank:
        return Snapshot(subject, staged, LEGACY, nothing, nothing)
    # Whose state is not known may be retired, and then legacy is no answer.
    retired = staged.stage is Stage.RETIRED or may_be_retired()
    if native is not None and not retired:
        now = datetime.now(UTC)
        kept = HeldRoles.of(subject.id, native, now, active=subject.active)
        return Snapshot(subject, staged, LEGACY, nothing, kept)
    # Legacy knows nobody who was barred in the new world, and would let them in.
    barred = HeldRoles(subject.id, refusals=frozenset({PLATFORM}), active=subject.active)
    return Snapshot(subject, staged, CENTRAL, barred, nothing)


def _is_followed(staged: Staged, loaded: Loaded) -> bool:
    if loaded.state is not None and loaded.state.retired:
        return False
    return staged.stage is not Stage.OFF and not overrides.is_simulated(loaded.subject)


def _with(
    subject: Subject,
    staged: Staged,
    found: Read,
    ready: Mapping[str, Loaded | None] | None = None,
) -> Snapshot:
    if subject.id is None:
        world = CENTRAL if staged.stage.rank >= Stage.ENFORCE.rank else LEGACY
        return Snapshot(subject, staged, world, fresh=True)
    loaded = found.loaded.get(subject.id)
    if loaded is None:
        return _unread(subject, staged, found.native.get(subject.id))
    retired = loaded.state is not None and loaded.state.retired
    if retired:
        staged = Staged(Stage.RETIRED, staged.rule or "retired")
    elif staged.stage is Stage.OFF:
        return Snapshot(subject, staged)
    if overrides.is_simulated(subject.id):
        return _simulated(subject, staged, loaded, retired=retired)
    if retired:
        usable: Loaded | None = loaded
    else:
        usable = bring_up_to_date(loaded) if ready is None else ready[loaded.subject]
    return _decided(subject, staged, usable or loaded, fresh=usable is not None)


def _simulated(subject: Subject, staged: Staged, loaded: Loaded, *, retired: bool) -> Snapshot:
    """Decide for a subject of a test as if it had been migrated now; nothing is written.

    A test runs in a transaction, where migrating is put off, and without triggers.
    """
    made = _decided(subject, staged, _as_if_migrated(loaded, retired=retired), fresh=True)
    # A share of the subjects by the day would let a test pass today and fail tomorrow.
    made.compared = made.compared and staged.stage is Stage.SHADOW
    return made


def _as_if_migrated(loaded: Loaded, *, retired: bool) -> Loaded:
    stored = [s for s in loaded.facts if s.is_native or retired]
    given = [SourcedFact(NATIVE, fact) for fact in overrides.facts_of(loaded.subject)]
    read = () if retired else facts_of(yielded_by_sources(loaded.subject))
    return replace(loaded, facts=(*(SourcedFact(s, f) for s, f in read), *stored, *given))


def _decided(subject: Subject, staged: Staged, loaded: Loaded, *, fresh: bool) -> Snapshot:
    central = fresh and staged.stage.rank >= Stage.ENFORCE.rank
    native = [s.fact for s in loaded.facts if s.is_native]
    _count_unknown(loaded)
    return Snapshot(
        subject,
        staged,
        CENTRAL if central else LEGACY,
        _held(subject, (s.fact for s in loaded.facts), loaded) if fresh else _nothing(subject),
        _held(subject, native, loaded) if native else _nothing(subject),
        loaded.state.generation if loaded.state else 0,
        fresh,
        loaded,
    )


def _held(subject: Subject, facts: Iterable[Any], loaded: Loaded) -> HeldRoles:
    return HeldRoles.of(subject.id, facts, loaded.now, active=subject.active)


def _nothing(subject: Subject) -> HeldRoles:
    return HeldRoles(subject.id, active=subject.active)


def _count_unknown(loaded: Loaded) -> None:
    known = registry.get().policy.by_key
    for sourced in loaded.facts:
        if (sourced.fact.context.type, sourced.fact.role) not in known:
            counters.tally("unknown_role", sourced.fact.role)
