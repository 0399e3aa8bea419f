"""What is known of one subject for the length of one unit of work: stage, facts and world."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from django.db import Error, connections

from auth_lib import HeldRoles, Stamp
from auth_lib.decisions import NO_STAMP

from . import conf, counters, pins, registry
from .assignments.gathering import Facts, facts_of, gather
from .lazy_migration import bring_all_up_to_date, bring_up_to_date
from .rollout import CEILING, Stage, Staged, may_be_retired, overrides, stage_of
from .sampling import is_compared
from .selectors import NATIVE, Loaded, SourcedFact, load
from .subjects import Subject

logger = logging.getLogger("authmigration.snapshots")

LEGACY = "legacy"
CENTRAL = "central"


@dataclass(slots=True)
class Snapshot:
    """One subject at one moment; every question of the unit of work is answered from it.

    Attributes:
        subject: who.
        staged: the stage of its rollout cohort, and the rule that gave it.
        world: ``central`` or ``legacy``: whose facts decide.
        held: what it holds by the central facts; nothing where they may not be used.
        native: what it holds by native facts alone.
        generation: of its facts; 0 where they were not read.
        fresh: whether the central facts may be used, for deciding or for comparing.
        compared: whether old and new answers are compared for this subject today.
        stamp: world, stage and generation, as decisions carry them.

    """

    subject: Subject
    staged: Staged
    world: str = LEGACY
    held: HeldRoles = field(default_factory=lambda: HeldRoles(None))
    native: HeldRoles = field(default_factory=lambda: HeldRoles(None))
    generation: int = 0
    fresh: bool = False
    loaded: Loaded | None = None
    stamp: Stamp = NO_STAMP
    compared: bool = False
    _legacy: HeldRoles | None = None

    def __post_init__(self) -> None:
        self.stamp = Stamp(self.world, self.staged.stage, self.generation)
        # A closed account is denied by design, whatever the old code would say.
        alike = self.fresh and self.subject.active
        self.compared = alike and is_compared(self.subject.id, self.staged.stage)

    @property
    def stage(self) -> Stage:
        """The stage of the subject's rollout cohort."""
        return self.staged.stage

    def without_native(self) -> HeldRoles:
        """Return what the subject holds by facts that legacy has as well."""
        if self.loaded is None:
            return self.held
        facts = (s.fact for s in self.loaded.facts if not s.is_native)
        return HeldRoles.of(self.subject.id, facts, self.loaded.now, active=self.subject.active)

    def legacy_held(self) -> HeldRoles:
        """Return what the legacy sources yield now, read once for each snapshot.

        Raises:
            AuthMigrationError: the sources yield something that nobody mapped.

        """
        if self._legacy is None:
            self._legacy = _from_legacy(self.subject, self.loaded)
        return self._legacy

    def deciding(self) -> HeldRoles:
        """Return what the subject holds in the world that decides; at enforce native facts as well.

        Raises:
            AuthMigrationError: see :meth:`legacy_held`.

        """
        if self.world == CENTRAL:
            return self.held
        old, native = self.legacy_held(), self.native
        if self.stage.rank < Stage.ENFORCE.rank or not native.types:
            return old
        nothing: frozenset[str] = frozenset()
        grants = {
            context: old.grants.get(context, nothing) | native.grants.get(context, nothing)
            for context in {**old.grants, **native.grants}
        }
        return HeldRoles(old.subject, grants, old.refusals | native.refusals, old.active)


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
    staged = {s.id: stage_of(s) for s in wanted}
    reading = [str(s.id) for s in wanted if _reads(staged[s.id])]
    loaded = _loaded(reading) if reading else {}
    due = [found for found in loaded.values() if _is_followed(staged[found.subject], found)]
    ready = bring_all_up_to_date(due) if due else {}
    for subject in wanted:
        key = str(subject.id)
        pin.snapshots[key] = _with(subject, staged[subject.id], loaded.get(key), ready)


def fresh_snapshot(subject: Subject) -> Snapshot:
    """Return a new snapshot of a subject, whatever is pinned; for confirming a difference."""
    return _made(subject)


def _made(subject: Subject) -> Snapshot:
    staged = stage_of(subject)
    if subject.id is None or not _reads(staged):
        return _with(subject, staged, None)
    return _with(subject, staged, _loaded([subject.id]).get(subject.id))


def _reads(staged: Staged) -> bool:
    # Behind the point of no return a kill must not bring the dead legacy answers back, even for
    # somebody who has left the cohort since.
    if staged.stage is Stage.OFF:
        return staged.rule != CEILING and may_be_retired()
    return True


def _loaded(subjects: list[str]) -> dict[str, Loaded]:
    using = conf.get().database
    try:
        return load(subjects, using=using)
    except Error as error:
        if connections[using].in_atomic_block:
            raise  # the caller's transaction is lost anyway; hiding that would only confuse
        counters.tally("snapshots", "unreadable", len(subjects))
        shown = ", ".join(subjects[:5])
        logger.warning("The facts of %s could not be read.", shown, exc_info=error)
        return {}


def _unread(subject: Subject, staged: Staged) -> Snapshot:
    # Behind the point of no return legacy is no answer: whoever cannot be read holds nothing.
    world = CENTRAL if staged.stage is Stage.RETIRED else LEGACY
    return Snapshot(subject, staged, world, _nothing(subject), _nothing(subject))


def _is_followed(staged: Staged, loaded: Loaded) -> bool:
    if loaded.state is not None and loaded.state.retired:
        return False
    return staged.stage is not Stage.OFF and not overrides.is_simulated(loaded.subject)


def _with(
    subject: Subject,
    staged: Staged,
    loaded: Loaded | None,
    ready: Mapping[str, Loaded | None] | None = None,
) -> Snapshot:
    if subject.id is None:
        world = CENTRAL if staged.stage.rank >= Stage.ENFORCE.rank else LEGACY
        return Snapshot(subject, staged, world, fresh=True)
    if loaded is None:
        return _unread(subject, staged)
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
    read = () if retired else _yielded(loaded.subject)
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


def _from_legacy(subject: Subject, loaded: Loaded | None) -> HeldRoles:
    if subject.id is None:
        return HeldRoles(None)
    facts = _yielded(subject.id)
    now = loaded.now if loaded is not None else datetime.now(UTC)
    return HeldRoles.of(subject.id, (f for _, f in facts), now, active=subject.active)


def _yielded(subject: str) -> Facts:
    using = conf.get().database
    return facts_of(gather(registry.get(), [subject], using=using)[subject])
