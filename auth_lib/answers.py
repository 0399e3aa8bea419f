"""What a token alone answers: allowed, denied, or not known from this token."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from .claims import Claims
from .contexts import PLATFORM, Context, Lineage
from .decisions import Decision, Reason, Stamp, decide, decide_role
from .facts import HeldRoles
from .policy import Policy


def answer_role(claims: Claims, role: str, lineage: Lineage, policy: Policy | None) -> Decision:
    """Answer whether a role is held in the first context of a lineage, or implied from above.

    Args:
        claims: of a token that is in time.
        role: its name.
        lineage: the contexts as far as the service knows them, the platform last.
        policy: of the issuer; None: a role counts only where it is held by name.

    Raises:
        UnknownContextType, UnknownRole: there is a policy, and it does not declare them.

    """
    if policy is None:
        decision = _held_by_name(claims, role, lineage)
        return decision if decision.allowed else _finished(claims, decision, lineage)
    stamp = Stamp(generation=claims.generation)
    decision = decide_role(policy, claims, role, lineage, stamp=stamp)
    seen_as = _seen_as(claims, lineage, policy)
    if decision.allowed and seen_as is not None:
        seen = decide_role(policy, seen_as, role, lineage)
        decision = decision if seen else _denied(decision, Reason.VIEW_AS)
    return _finished(claims, decision, lineage)


def answer_permission(
    claims: Claims, permission: str, lineage: Lineage, policy: Policy | None
) -> Decision:
    """Answer whether the subject has a permission; see :func:`answer_role`.

    Raises:
        UnknownPermission: there is a policy, and it does not declare it.

    """
    stamp = Stamp(generation=claims.generation)
    if policy is None:
        return Decision(False, Reason.UNKNOWN_HERE, None, *stamp)
    decision = decide(policy, claims, permission, lineage, stamp=stamp)
    seen_as = _seen_as(claims, lineage, policy)
    if decision.allowed and seen_as is not None:
        seen = decide(policy, seen_as, permission, lineage)
        decision = decision if seen else _denied(decision, Reason.VIEW_AS)
    return _finished(claims, decision, lineage)


NOBODY = HeldRoles(None, active=False)


def _held_by_name(claims: Claims, role: str, lineage: Lineage) -> Decision:
    generation = claims.generation
    if claims.refusals:
        for context in lineage:
            if context in claims.refusals:
                because = ("refusal", context)
                return Decision(False, Reason.REFUSED, because, generation=generation)
    here = lineage[0]
    if here[1] not in claims.grants.ids(here[0], role):
        return Decision(False, Reason.NO_ROLE, None, generation=generation)
    decision = Decision(True, Reason.ROLE, (role, here), None, None, generation)
    if claims.viewed is None:
        return decision
    seen_as = _seen_as(claims, lineage, None)
    if seen_as is None or role in (seen_as.grants.get(here) or ()):
        return decision
    return _denied(decision, Reason.VIEW_AS)


def _seen_as(claims: Claims, lineage: Lineage, policy: Policy | None) -> HeldRoles | None:
    """Return what the viewed role holds, if the question lies where it counts; else None.

    Where the service does not say how the context lies to the viewed one, it may lie below it:
    then it is seen as nobody.
    """
    if claims.viewed is None:
        return None
    role, context = claims.viewed
    if context in lineage:
        return HeldRoles(claims.subject, {context: frozenset({role})})
    here = lineage[0]
    if here == PLATFORM or context.type in {each.type for each in lineage}:
        return None
    below = policy is None or context.type in policy.ancestors(here.type)
    return NOBODY if below else None


def _finished(claims: Claims, decision: Decision, lineage: Lineage) -> Decision:
    """Turn a denial for want of a role into "not known" where the token was cut."""
    if decision.reason is Reason.NO_ROLE and claims.truncated:
        for context in lineage:
            if claims.lacks(context):
                because = ("truncated", context)
                return decision._replace(reason=Reason.CONTEXT_NOT_IN_TOKEN, because=because)
    return decision


def _denied(decision: Decision, reason: Reason) -> Decision:
    return decision._replace(allowed=False, reason=reason)


def lineage_of(type_: str, id_: object, above: Sequence[Context | str]) -> Lineage:
    """Return the contexts that a call names, nearest first, and the platform.

    Raises:
        InvalidContext: one of them is none.

    """
    if type(id_) is str and not above:
        return _alone(type_, id_)
    parents = [each if isinstance(each, Context) else Context.parse(each) for each in above]
    found = (Context.of(type_, id_), *parents)
    return found if found[-1] == PLATFORM else (*found, PLATFORM)


@lru_cache(maxsize=4096)
def _alone(type_: str, id_: str) -> Lineage:
    here = Context.of(type_, id_)
    return (here,) if here == PLATFORM else (here, PLATFORM)
