"""Why an answer is what it is: world, stage, fact, rule, generation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from auth_lib import PLATFORM, Decision

from .. import registry
from ..snapshots import Snapshot, snapshot_of
from ..subjects import subject_of
from .answers import answer, candidate
from .controls import control
from .targets import Target, target_of


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision, and the chain that led to it; its text is the chain."""

    decision: Decision
    lines: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.decision.allowed

    def __str__(self) -> str:
        return "\n".join(self.lines)


def explain(who: Any, permission: str, what: Any = PLATFORM) -> Explanation:
    """Answer as :func:`check` does, and say why.

    Raises:
        UnknownPermission, InvalidContext, UnknownContextType: see :func:`check`.

    """
    declared = registry.get()
    subject = subject_of(who)
    target = target_of(declared, what)
    decision = answer(declared, subject, permission, target).decision
    snapshot = snapshot_of(subject)
    lines = [
        f"{subject.id or 'anonymous'} {permission} on {target.first}: {decision}",
        f"  stage:      {snapshot.stage}{_rule(snapshot)}",
        f"  world:      {snapshot.world}{_why_world(snapshot)}",
        f"  generation: {snapshot.generation or 'not known'}",
        f"  lineage:    {' > '.join(map(str, target.lineage()))}",
        *_facts(snapshot, target),
        *_both(snapshot, permission, target),
        *_policy(decision),
    ]
    return Explanation(decision, tuple(lines))


def _rule(snapshot: Snapshot) -> str:
    return f" ({snapshot.staged.rule})" if snapshot.staged.rule else ""


def _why_world(snapshot: Snapshot) -> str:
    if snapshot.world == "central" or snapshot.loaded is None:
        return ""
    state = snapshot.loaded.state
    if state is None:
        return " (never migrated)"
    if state.status != "migrated":
        return f" ({state.status}: {state.reason})"
    return "" if snapshot.fresh else " (stale: a change waits to be followed)"


def _facts(snapshot: Snapshot, target: Target) -> list[str]:
    if snapshot.loaded is None:
        return ["  facts:      not read"]
    here = set(target.lineage())
    found = [s for s in snapshot.loaded.facts if s.fact.context in here]
    lines = [
        f"  fact:       {s.fact.role} in {s.fact.context}, {s.fact.effect}, from {s.source}"
        for s in found
    ]
    return lines or ["  fact:       none on the lineage"]


def _both(snapshot: Snapshot, permission: str, target: Target) -> list[str]:
    lines = [f"  legacy:     {_old(snapshot, permission, target)}"]
    if snapshot.fresh:
        lines.append(f"  central:    {candidate(snapshot, snapshot.held, permission, target)}")
    return lines


def _old(snapshot: Snapshot, permission: str, target: Target) -> str:
    try:
        return str(control(snapshot, permission, target).decision)
    except Exception as error:  # noqa: BLE001 -- it decides nothing here, and may be gone already
        return f"no answer ({type(error).__name__}: {error})"


def _policy(decision: Decision) -> list[str]:
    if decision.because is None:
        return []
    name, context = decision.because
    policy = registry.get().policy
    role = next((r for r in policy.roles if r.on == context.type and r.name == name), None)
    return [f"  rule:       {role.key}, declared at {role.origin}"] if role is not None else []
