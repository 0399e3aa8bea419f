"""Why an answer is what it is: world, stage, fact, rule, generation."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.management.color import color_style, supports_color

from auth_lib import PLATFORM, Decision

from .. import registry, viewing_as
from ..snapshots import Snapshot, snapshot_of
from ..subjects import subject_of
from .answers import answer, candidate, origin_of
from .controls import check_for, control
from .facts_told import facts_told, wanted_told
from .targets import Target, target_of


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision, and the chain that led to it; its text is the chain, and a shell shows it."""

    decision: Decision
    lines: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.decision.allowed

    def __str__(self) -> str:
        return "\n".join(self.lines)

    def __repr__(self) -> str:
        first, *others = self.lines
        style = color_style()
        paint = style.SUCCESS if self.decision.allowed else style.ERROR
        return "\n".join([paint(first) if _has_colour() else first, *others])


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
    unmet = [] if decision.allowed else [wanted_told(declared.policy, permission, target)]
    lines = [
        f"{subject.id or 'anonymous'} {permission} on {target.first}: {decision}",
        f"  stage:      {snapshot.stage}{_rule(snapshot)}",
        f"  world:      {snapshot.world}{_why_world(snapshot)}",
        f"  generation: {snapshot.generation or 'not known'}",
        f"  lineage:    {' > '.join(map(str, target.lineage()))}",
        *facts_told(snapshot, permission, target),
        *_both(snapshot, permission, target),
        *_viewing(subject.id),
        *_policy(decision),
        *unmet,
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


def _both(snapshot: Snapshot, permission: str, target: Target) -> list[str]:
    lines = [f"  legacy:     {_old(snapshot, permission, target)}"]
    if snapshot.fresh:
        lines.append(f"  central:    {candidate(snapshot, snapshot.held, permission, target)}")
    return lines


def _old(snapshot: Snapshot, permission: str, target: Target) -> str:
    asked = origin_of(check_for(permission, target))
    try:
        found = control(snapshot, permission, target).decision
    except Exception as error:  # noqa: BLE001 -- it decides nothing here, and may be gone already
        return f"no answer ({type(error).__name__}: {error}), asked of {asked}"
    return f"{found}, by {asked}"


def _viewing(subject: str | None) -> list[str]:
    viewing = viewing_as.current(subject)
    if viewing is None:
        return []
    only = "allowed is what both allow" if viewing.safe else "nothing is allowed there"
    until = datetime.fromtimestamp(viewing.until, UTC)
    shown = f"{viewing.role} in {viewing.context} until {until:%H:%M} UTC"
    return [f"  view-as:    {shown}: {only}"]


def _has_colour() -> bool:
    return supports_color() and "NO_COLOR" not in os.environ


def _policy(decision: Decision) -> list[str]:
    if decision.because is None:
        return []
    name, context = decision.because
    policy = registry.get().policy
    role = next((r for r in policy.roles if r.on == context.type and r.name == name), None)
    return [f"  rule:       {role.key}, declared at {role.origin}"] if role is not None else []
