"""What is known of one subject for the length of one unit of work: stage, facts and world."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from auth_lib import Effect, Fact, HeldRoles, Stamp
from auth_lib.decisions import NO_STAMP

from .. import conf, counters, registry
from ..assignments.gathering import facts_of, gather
from ..legacy.reading import Yielded
from ..rollout import Stage, Staged
from ..sampling import is_compared
from ..selectors import Loaded
from ..subjects import Subject

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
    _yielded: Yielded | None = None

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
            Exception: what the host's own function raised.
            AuthMigrationError: the sources yield something that nobody mapped.

        """
        return self._folded(facts_of(self._read_sources()))

    def legacy_answering(self) -> HeldRoles:
        """Return what legacy answers from: where a source fails, what bars and nothing that gives.

        What nobody mapped may give a role or take all away. Nobody gets an error page for it, and
        nobody gets in by it either.
        """
        read = self._read_sources()
        if read.failure is None:
            return self._folded(read.facts)
        self.compared = False  # such an answer says nothing of the old code
        counters.tally("snapshots", "unmapped")
        shown = (self.subject.id, read.failure)
        logger.error("Subject %s holds nothing in legacy: %s", *shown, exc_info=read.failure)
        return self._folded(f for f in read.facts if f[1].effect == Effect.REFUSE)

    def deciding_facts(self) -> Iterable[Fact]:
        """Return the facts of the world that decides, also those that do not hold now."""
        stored = self.loaded.facts if self.loaded is not None else ()
        if self.world == CENTRAL:
            return [each.fact for each in stored]
        native = [each.fact for each in stored if each.is_native]
        return [*(fact for _, fact in self._read_sources().facts), *native]

    def _read_sources(self) -> Yielded:
        if self._yielded is None:
            self._yielded = yielded_by_sources(self.subject.id)
        return self._yielded

    def _folded(self, facts: Iterable[tuple[str, Fact]]) -> HeldRoles:
        now = self.loaded.now if self.loaded is not None else datetime.now(UTC)
        subject = self.subject
        return HeldRoles.of(subject.id, (f for _, f in facts), now, active=subject.active)

    def deciding(self) -> HeldRoles:
        """Return what the subject holds in the world that decides; at enforce native facts too."""
        if self.world == CENTRAL:
            return self.held
        old, native = self.legacy_answering(), self.native
        if self.stage.rank < Stage.ENFORCE.rank or not native.types:
            return old
        nothing: frozenset[str] = frozenset()
        grants = {
            context: old.grants.get(context, nothing) | native.grants.get(context, nothing)
            for context in {**old.grants, **native.grants}
        }
        return HeldRoles(old.subject, grants, old.refusals | native.refusals, old.active)


def yielded_by_sources(subject: str | None) -> Yielded:
    """Return what the legacy sources yield now for a subject, or why that failed."""
    if subject is None:
        return Yielded(())
    return gather(registry.get(), [subject], using=conf.get().database)[subject]
