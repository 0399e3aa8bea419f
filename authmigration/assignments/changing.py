"""Assign and unassign: both worlds in one transaction, whichever of them decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from auth_lib import Effect, Fact, Role

from .. import conf, pins, registry
from ..errors import Busy
from ..legacy.moments import instant
from ..models import NATIVE, ChangeMark
from ..rollout import units
from ..selectors import NO_BEGINNING, SourcedFact, State
from ..signals import facts_changed
from ..subjects import Subject
from ..trail import Authorship, authorship
from .claims import claim
from .gathering import Facts
from .legacy_side import LegacySide, facts_of_sight
from .limits import alike, covers, require_room
from .mappings import version_of
from .planning import Mapping, describe, keep_standing, plan
from .storing import Batch, store
from .synchronising import sights
from .targets import context_for, subject_for


@dataclass(frozen=True, slots=True)
class Change:
    """What a change of access did.

    Attributes:
        changed: False where everything already was as asked.
        sources: the legacy sources that hold it now; empty for a native fact.
        not_representable: why the legacy tables do not hold it; empty where they do.
        generation: of the subject's facts, afterwards.

    """

    changed: bool
    sources: tuple[str, ...] = ()
    not_representable: str = ""
    generation: int = 0


def assign(
    who: Any,
    role: Role,
    context: Any = None,
    *,
    reason: str | None = None,
    actor: Any = None,
    effect: Effect = Effect.GRANT,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    must_exist: bool = True,
) -> Change:
    """Let a subject hold a role in a context, in both worlds.

    Args:
        who: a user, or its id.
        role: a declared role.
        context: the object, its id, or ``course:42``; nothing for a role on the platform.
        reason: why, for the audit trail; else that of :func:`acting_as`.
        actor: who does it: a user, or the name of a program; else that of :func:`acting_as`.
        effect: ``Effect.REFUSE`` bars the subject from the context instead.
        valid_from: the first moment at which it holds.
        valid_until: the first moment at which it holds no more.
        must_exist: False to assign before the context exists.

    Raises:
        MissingReason: actor or reason is missing.
        TooManyContexts: the subject would hold roles in more contexts than allowed.
        LegacyWouldLoseMore: the legacy tables would change more than was asked.
        UnknownSubject, UnknownRole, InvalidContext: there is no such thing.
        InvalidMoment: the beginning or the end has no time zone.
        Busy: somebody else changes the same rows at the same moment; try again.

    """
    author = authorship(actor, reason)
    subject = subject_for(who)
    where = context_for(role, context, must_exist=must_exist)
    begins = instant(valid_from)
    begins = None if begins == NO_BEGINNING else begins
    fact = Fact(role.name, where, effect, begins, instant(valid_until))
    return _Changing(subject, role, fact, author).assign()


def unassign(
    who: Any,
    role: Role,
    context: Any = None,
    *,
    reason: str | None = None,
    actor: Any = None,
    effect: Effect = Effect.GRANT,
) -> Change:
    """Take a role in a context from a subject, in both worlds and from every source.

    Args:
        who: a user, or its id.
        role: a declared role.
        context: the object, its id, or ``course:42``; nothing for a role on the platform.
        reason: why; else that of :func:`acting_as`.
        actor: who does it; else that of :func:`acting_as`.
        effect: ``Effect.REFUSE`` takes a refusal away.

    Raises:
        NotRepresentable: a legacy source yields the role and cannot be written.
        LegacyWouldLoseMore: taking it would take more, as a global flag does.
        Busy: somebody else changes the same rows at the same moment; try again.

    """
    author = authorship(actor, reason)
    subject = subject_for(who)
    where = context_for(role, context, must_exist=False)
    return _Changing(subject, role, Fact(role.name, where, effect), author).unassign()


class _Changing:
    """One change of one fact of one subject, under its claim."""

    def __init__(self, subject: Subject, role: Role, fact: Fact, author: Authorship) -> None:
        self.subject = subject
        self.id = str(subject.id)
        self.role = role
        self.fact = fact
        self.author = author
        self.using = conf.get().database
        self.declared = registry.get()

    def assign(self) -> Change:
        return self._in_transaction(self._assign)

    def unassign(self) -> Change:
        return self._in_transaction(self._unassign)

    def _in_transaction(self, change: Callable[[], Change]) -> Change:
        version = version_of(self.declared.mapping_hash, using=self.using)
        self.mapping = Mapping(self.declared.mapping_hash, version)
        with transaction.atomic(self.using):
            held = claim([self.id], using=self.using, version=version, wait=True)
            if self.id not in held.states:
                raise Busy(f"Subject {self.id} is held by somebody else; try again.")
            self.held = held
            (self.sight,) = sights([self.id], held, self.using)
            done = change()
            if not done.changed:
                # The claim consumed the marks of changes that nothing was written for.
                transaction.set_rollback(True, using=self.using)
        units.forget(self.id)
        pins.unsettle(self.id)
        transaction.on_commit(lambda: self._committed(done), using=self.using)
        return done

    def _committed(self, done: Change) -> None:
        pins.settle(self.id)
        if done.changed:
            generation = done.generation
            facts_changed.send_robust(None, subject=self.id, generation=generation)

    @property
    def _state(self) -> State | None:
        return self.held.states[self.id]

    @property
    def _legacy(self) -> LegacySide:
        now = self.held.now
        return LegacySide(
            self.declared, self.subject, self.role, self.fact, self.sight, now, self.using
        )

    @property
    def _retired(self) -> bool:
        return self._state is not None and self._state.retired

    @property
    def _later(self) -> bool:
        """Whether a later release has migrated the subject, whose facts are not ours to replace."""
        return self._state is not None and self._state.mapping_version > self.mapping.version

    def _assign(self) -> Change:
        # Whoever cannot be migrated can be barred all the same: no legacy table is asked for that.
        blind = self._refuses and self.sight.failure is not None
        current = self._natives() if blind else self._current()
        present = [s for s in current if covers(s.fact, self.fact, self.held.now)]
        if present:
            return Change(False, tuple(s.source for s in present if not s.is_native))
        source, why = (None, "") if self._retired else self._legacy.write_on()
        kept = self._stored() if blind else self._kept()
        wanted = kept if source is not None else self._with_native(kept)
        require_room(self.sight, wanted, self.fact)
        generation = self._store(wanted, "refuse" if self._refuses else "assign")
        return Change(True, (source.name,) if source else (), why, generation)

    def _unassign(self) -> Change:
        found = [s for s in self._current() if alike(s.fact, self.fact)]
        if not found:
            return Change(False)
        gone = {s.source for s in found}
        if not self._retired:
            self._legacy.write_off(gone - {NATIVE})
        wanted = frozenset((s, fact) for s, fact in self._kept() if not alike(fact, self.fact))
        generation = self._store(wanted, "unassign", [s for s in found if s.is_native])
        return Change(True, tuple(sorted(gone - {NATIVE})), "", generation)

    def _current(self) -> list[SourcedFact]:
        if self._retired:
            return list(self.sight.stored)
        return [SourcedFact(s, f) for s, f in facts_of_sight(self.sight)] + self._natives()

    def _with_native(self, kept: Facts) -> Facts:
        # In place of one that differs in its end alone, of which there can be but one row.
        begins = self.fact.valid_from
        others = (
            (source, fact)
            for source, fact in kept
            if source != NATIVE or not alike(fact, self.fact) or fact.valid_from != begins
        )
        return frozenset(others) | {(NATIVE, self.fact)}

    def _natives(self) -> list[SourcedFact]:
        return [s for s in self.sight.stored if s.is_native]

    def _kept(self) -> Facts:
        """Return what is to be stored, this change apart."""
        return self._stored() if self._retired or self._later else self._legacy.yielded()

    def _stored(self) -> Facts:
        return frozenset((s.source, s.fact) for s in self.sight.stored)

    @property
    def _refuses(self) -> bool:
        return self.fact.effect == Effect.REFUSE

    def _store(self, wanted: Facts, action: str, gone: Iterable[SourcedFact] = ()) -> int:
        sight = replace(self.sight, wanted=frozenset(wanted), dropped=tuple(gone), failure=None)
        batch = Batch(self.held.now)
        known = self._state is not None
        plan(batch, sight, self.mapping, self.held.epoch, self.author, bulk=known)
        batch.events = [e for e in batch.events if e["action"] == "migrate"]
        if self._later or self.sight.failure is not None:
            keep_standing(batch, self._state, self.sight.failure)
        batch.events.append(self._event(action, batch))
        store(batch, using=self.using)
        if self._later or self.sight.failure is not None:
            # The legacy tables were read by older declarations than the state's, or not at all.
            ChangeMark.objects.using(self.using).create(subject=self.id, source="assignments")
        return int(batch.states[0]["generation"])

    def _event(self, action: str, batch: Batch) -> dict[str, Any]:
        return {
            "actor": self.author.actor,
            "action": action,
            "subject": self.id,
            "role": self.role.name,
            "context": str(self.fact.context),
            "reason": self.author.reason,
            "generation": batch.states[0]["generation"],
            "detail": {"written": [describe(s) for _, s in batch.facts]},
        }
