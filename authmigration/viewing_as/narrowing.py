"""What is left of a decision while its subject looks as a role: never more than before."""

from __future__ import annotations

from collections.abc import Container

from auth_lib import Context, Decision, HeldRoles, Lineage, Policy, Reason, decide, decide_role

from .looking import Viewing


def narrowed(
    decision: Decision,
    policy: Policy,
    viewing: Viewing,
    permission: str,
    lineage: Lineage,
    *,
    open_here: Container[Context] = (),
) -> Decision:
    """Return a decision on a permission as it stands while its subject looks as a role.

    Args:
        decision: for the subject as itself.
        policy: the roles and what they give.
        viewing: as what it looks, and where.
        permission: what was asked.
        lineage: of what was asked about.
        open_here: see :func:`auth_lib.decide`; what is open to all is so in every role.

    """
    if viewing.context not in lineage or not decision.allowed:
        return decision
    if not viewing.safe:
        return _denied(decision, Reason.VIEW_AS_READ_ONLY)
    seen = decide(policy, held_as(viewing), permission, lineage, open_here=open_here)
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
