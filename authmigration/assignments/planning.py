"""What has to be written so that the stored facts of a subject become those that were read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from auth_lib import Context, Effect, Fact

from .. import conf
from ..selectors import Loaded, SourcedFact, State
from ..trail import Authorship
from .storing import Batch


class Outcome(StrEnum):
    """What became of one subject in a synchronisation."""

    MIGRATED = "migrated"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    BUSY = "busy"
    FAILED = "failed"
    QUARANTINED = "quarantined"
    NEWER_MAPPING = "newer_mapping"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Mapping:
    """The hash of the sources that were read, and its place in the order."""

    hash: str
    version: int


@dataclass(frozen=True, slots=True)
class Sight:
    """What was read of one subject under its claim."""

    subject: str
    state: State | None
    stored: tuple[SourcedFact, ...]
    wanted: frozenset[tuple[str, Fact]]
    failure: Exception | None = None
    dropped: tuple[SourcedFact, ...] = ()
    """Native facts that are to go; all others stay whatever the sources yield."""


_Key = tuple[str, str, Context, Effect, datetime | None]


def _key(source: str, fact: Fact) -> _Key:
    return (source, fact.role, fact.context, fact.effect, fact.valid_from)


@dataclass(frozen=True, slots=True)
class Difference:
    """The rows to delete and the facts to write; and what the subject then holds."""

    removed: tuple[SourcedFact, ...]
    written: tuple[SourcedFact, ...]
    after: tuple[SourcedFact, ...]

    def __bool__(self) -> bool:
        return bool(self.removed or self.written)


def difference(
    stored: Iterable[SourcedFact],
    wanted: Iterable[tuple[str, Fact]],
    dropped: Iterable[SourcedFact] = (),
) -> Difference:
    """Compare stored facts with those that ought to be there; native facts stay by themselves."""
    known = {_key(s.source, s.fact): s for s in stored}
    going = {_key(s.source, s.fact) for s in dropped}
    target = {_key(source, fact): SourcedFact(source, fact) for source, fact in wanted}
    for key, sourced in known.items():
        if sourced.is_native and key not in going:
            target.setdefault(key, sourced)
    removed = tuple(s for key, s in known.items() if key not in target)
    written = tuple(s for key, s in target.items() if key not in known or known[key].fact != s.fact)
    return Difference(removed, written, tuple(target.values()))


def plan(
    batch: Batch, sight: Sight, mapping: Mapping, epoch: int, author: Authorship, *, bulk: bool
) -> tuple[Outcome, Loaded]:
    """Add to a batch what one subject needs; return the outcome and what it holds afterwards."""
    if sight.failure is not None:
        return _plan_failure(batch, sight, mapping, epoch, author)
    change = difference(sight.stored, sight.wanted, sight.dropped)
    outcome = _outcome(sight.state, change)
    state = _next_state(sight.state, change, mapping, epoch)
    batch.removed.extend(s.row for s in change.removed)
    batch.facts.extend((sight.subject, s) for s in change.written)
    batch.states.append(_row(sight.subject, state, change.after))
    if outcome is Outcome.CHANGED or (outcome is Outcome.MIGRATED and not bulk):
        action = "migrate" if outcome is Outcome.MIGRATED else "resync"
        batch.events.append(_event(sight.subject, action, state, author, _told(change)))
    count_move(batch, sight.state, "migrated")
    return outcome, Loaded(sight.subject, batch.now, epoch, False, state, change.after)


def _outcome(state: State | None, change: Difference) -> Outcome:
    if state is None or state.status != "migrated":
        return Outcome.MIGRATED
    return Outcome.CHANGED if change else Outcome.UNCHANGED


def _next_state(state: State | None, change: Difference, mapping: Mapping, epoch: int) -> State:
    generation = state.generation if state else 0
    return State(
        status="migrated",
        generation=max(1, generation + bool(change)),  # 0 means that nobody knows it
        revision=(state.revision if state else 0) + 1,
        mapping_hash=mapping.hash,
        mapping_version=mapping.version,
        epoch=epoch,
        attempts=0,
        retired=bool(state and state.retired),
        reason="",
    )


def _plan_failure(
    batch: Batch, sight: Sight, mapping: Mapping, epoch: int, author: Authorship
) -> tuple[Outcome, Loaded]:
    before = sight.state
    attempts = (before.attempts if before else 0) + 1
    quarantined = attempts >= conf.get().quarantine_after
    status = "quarantined" if quarantined else "failing"
    state = State(
        status=status,
        generation=before.generation if before else 0,
        revision=(before.revision if before else 0) + 1,
        mapping_hash=mapping.hash,
        mapping_version=mapping.version,
        epoch=epoch,
        attempts=min(attempts, 1000),
        retired=False,
        reason=failure_text(sight.failure),
    )
    batch.states.append(_row(sight.subject, state, sight.stored))
    if quarantined and (before is None or before.status != "quarantined"):
        detail = {"attempts": attempts, "failure": state.reason}
        batch.events.append(_event(sight.subject, "quarantine", state, author, detail))
    count_move(batch, before, status)
    outcome = Outcome.QUARANTINED if quarantined else Outcome.FAILED
    return outcome, Loaded(sight.subject, batch.now, epoch, False, state, sight.stored)


def keep_standing(batch: Batch, state: State | None, failure: Exception | None) -> None:
    """Let a planned change of native facts leave how far its one subject has come as it was.

    Args:
        batch: with the plan.
        state: of the subject, as it stood.
        failure: what makes the legacy sources unreadable, which counts once for who has no state.

    """
    row = batch.states[0]
    batch.counts.clear()
    if state is None:
        row |= {"status": "failing", "attempts": 1, "reason": failure_text(failure)}
        count_move(batch, None, "failing")
        return
    kept = ("status", "mapping_hash", "mapping_version", "epoch", "attempts", "reason")
    row |= {name: getattr(state, name) for name in kept}


def failure_text(failure: Exception | None) -> str:
    """Return an error as the reason why a subject is not migrated."""
    return f"{type(failure).__name__}: {failure}"[:1000]


def _row(subject: str, state: State, facts: Iterable[SourcedFact]) -> dict[str, Any]:
    return {
        "subject": subject,
        "status": state.status,
        "generation": state.generation,
        "revision": state.revision,
        "mapping_hash": state.mapping_hash,
        "mapping_version": state.mapping_version,
        "epoch": state.epoch,
        "attempts": state.attempts,
        "reason": state.reason,
        "contexts": len({s.fact.context for s in facts}),
        "retired_at": None,
    }


def _told(change: Difference) -> dict[str, Any]:
    return {
        "added": [describe(s) for s in change.written],
        "removed": [describe(s) for s in change.removed],
    }


def describe(sourced: SourcedFact) -> str:
    """Return a fact as one readable text for events and reports."""
    fact = sourced.fact
    barred = "refused " if fact.effect == Effect.REFUSE else ""
    return f"{barred}{fact.role} in {fact.context} ({sourced.source})"


def _event(
    subject: str, action: str, state: State, author: Authorship, detail: dict[str, Any]
) -> dict[str, Any]:
    return {
        "actor": author.actor,
        "action": action,
        "subject": subject,
        "role": "",
        "context": "",
        "reason": author.reason,
        "generation": state.generation,
        "detail": detail,
    }


def count_move(batch: Batch, before: State | None, status: str) -> None:
    """Count that a subject leaves one status and enters another."""
    if before is not None and before.status == status:
        return
    moved = Counter({status: 1})
    if before is not None:
        moved[before.status] -= 1
    for label, delta in moved.items():
        known = next((c for c in batch.counts if c["label"] == label), None)
        if known is not None:
            known["delta"] += delta
        else:
            batch.counts.append({"name": "subjects", "label": label, "delta": delta})
