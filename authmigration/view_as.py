"""Looking at a context as somebody in another role would: the same subject, seen through a role.

The viewed role never adds anything: allowed is what both roles allow, and nothing unsafe.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from auth_lib import (
    Context,
    Decision,
    HeldRoles,
    Lineage,
    Policy,
    Reason,
    Role,
    decide,
    decide_role,
)

from .errors import ViewAsRefused

MAX_SECONDS = 60 * 60


@dataclass(frozen=True, slots=True)
class Viewing:
    """A subject that looks at one context, and what is below it, as a role.

    Attributes:
        subject: who looks.
        role: the name of the role as which it looks.
        context: where; elsewhere nothing changes.
        until: when it ends, in seconds of the system clock.
        safe: whether the request only reads; an unsafe one is denied in the context.

    """

    subject: str
    role: str
    context: Context
    until: float
    safe: bool = True


_viewing: ContextVar[Viewing | None] = ContextVar("authmigration_viewing", default=None)


@contextmanager
def looking(viewing: Viewing | None) -> Iterator[None]:
    """Let every decision inside the block be made for a subject that looks as a role."""
    token = _viewing.set(viewing)
    try:
        yield
    finally:
        _viewing.reset(token)


def is_viewing() -> bool:
    """Whether anybody views as a role in this unit of work."""
    return _viewing.get() is not None


def current(subject: str | None) -> Viewing | None:
    """Return as what a subject looks now; None if as itself."""
    viewing = _viewing.get()
    if viewing is None or viewing.subject != subject or viewing.until <= time.time():
        return None
    return viewing


def permitted(policy: Policy, held: HeldRoles, role: Role, lineage: Lineage) -> str:
    """Return the name of the held role that may look at a context as another role.

    Raises:
        ViewAsRefused: no role held on the lineage lists the other in its ``view_as``.

    """
    if role.on == lineage[0].type and not any(c in held.refusals for c in lineage):
        for context in lineage:
            for name in sorted(held.grants.get(context, ())):
                if _may_view(policy, context.type, name, role):
                    return name
    raise ViewAsRefused(
        f"No role held in {lineage[0]} or above may view it as {role.name!r}; a role allows that "
        f"with view_as={{{role.name!r}}}."
    )


def _may_view(policy: Policy, on: str, name: str, role: Role) -> bool:
    held = next((r for r in policy.roles if r.on == on and r.name == name), None)
    if held is None:
        return False
    return any(role.name in policy.by_key[key].view_as for key in policy.closure(held))


def narrowed(
    decision: Decision, policy: Policy, viewing: Viewing, permission: str, lineage: Lineage
) -> Decision:
    """Return a decision on a permission as it stands while its subject looks as a role."""
    if viewing.context not in lineage or not decision.allowed:
        return decision
    if not viewing.safe:
        return _denied(decision, Reason.VIEW_AS_READ_ONLY)
    seen = decide(policy, held_as(viewing), permission, lineage)
    return decision if seen.allowed else _denied(decision, Reason.VIEW_AS)


def narrowed_role(
    decision: Decision, policy: Policy, viewing: Viewing, role: str, lineage: Lineage
) -> Decision:
    """Return a decision on a role asked by name as it stands while its subject looks as another."""
    if viewing.context not in lineage or not decision.allowed:
        return decision
    seen = decide_role(policy, held_as(viewing), role, lineage)
    return decision if seen.allowed else _denied(decision, Reason.VIEW_AS)


def held_as(viewing: Viewing) -> HeldRoles:
    """Return what somebody holds who has the viewed role and nothing else."""
    return HeldRoles(viewing.subject, {viewing.context: frozenset({viewing.role})})


def _denied(decision: Decision, reason: Reason) -> Decision:
    return decision._replace(allowed=False, reason=reason)
