"""The decision: one pure function for monolith and service alike."""

from __future__ import annotations

from collections.abc import Container
from enum import StrEnum
from typing import NamedTuple

from .contexts import Context, Lineage
from .facts import Held
from .policy import Granting, Policy


class Reason(StrEnum):
    """Why a decision is what it is; stable, for programs."""

    ROLE = "role"
    PUBLIC = "public"
    ANONYMOUS = "anonymous"
    AUTHENTICATED = "authenticated"
    NO_ROLE = "no_role"
    REFUSED = "refused"
    INACTIVE = "inactive"
    UNKNOWN_HERE = "unknown_here"
    LEGACY = "legacy"
    LEGACY_DENIED = "legacy_denied"
    NATIVE = "native"
    VIEW_AS = "view_as"
    VIEW_AS_READ_ONLY = "view_as_read_only"
    # Of a service that has the token alone.
    UNAUTHENTICATED = "unauthenticated"
    EXPIRED = "expired"
    CONTEXT_NOT_IN_TOKEN = "context_not_in_token"  # noqa: S105 -- no password
    ACTING_READ_ONLY = "acting_read_only"


class Stamp(NamedTuple):
    """Where and when a decision is made; see the attributes of :class:`Decision`."""

    world: str | None = None
    stage: str | None = None
    generation: int = 0


NO_STAMP = Stamp()


class Decision(NamedTuple):
    """An answer, and where it comes from; true only when allowed.

    Attributes:
        allowed: the answer.
        reason: why, from a fixed list.
        because: the role and the context that decided, where one did.
        world: whose facts decided: ``central`` or ``legacy``; None outside a migration.
        stage: the stage of the subject's rollout cohort at that moment; None outside one.
        generation: of the subject's facts; 0: not known.

    """

    allowed: bool
    reason: Reason
    because: tuple[str, Context] | None = None
    world: str | None = None
    stage: str | None = None
    generation: int = 0

    def __bool__(self) -> bool:
        return self.allowed

    @property
    def known(self) -> bool:
        """False where the token cannot tell: not a denial; ask again with another token."""
        return self.reason is not Reason.CONTEXT_NOT_IN_TOKEN

    def __str__(self) -> str:
        answer = "allowed" if self.allowed else "denied" if self.known else "not known"
        where = f": {self.because[0]} in {self.because[1]}" if self.because else ""
        return f"{answer} ({self.reason}{where})"


def decide(
    policy: Policy,
    held: Held,
    permission: str,
    lineage: Lineage,
    *,
    open_here: Container[Context] = (),
    stamp: Stamp = NO_STAMP,
) -> Decision:
    """Answer whether the holder of ``held`` has a permission on the first context of a lineage.

    Args:
        policy: the roles and what they give.
        held: what the subject holds now.
        permission: ``grade.edit``.
        lineage: the contexts from the object up to the platform.
        open_here: those contexts of the lineage whose conditional public permissions hold.
        stamp: world, stage and generation, to be said in the decision.

    Raises:
        UnknownPermission: the policy does not declare it.

    """
    granting = policy.granting(permission)
    if not held.active or held.refusals:
        barred = _barred(held, lineage, stamp)
        if barred is not None:
            return barred
    found = _found(held, granting, lineage)
    if found is not None:
        return Decision(True, Reason.ROLE, found, *stamp)
    return _without_role(policy, held, permission, lineage, open_here, stamp)


def decide_role(
    policy: Policy, held: Held, role: str, lineage: Lineage, *, stamp: Stamp = NO_STAMP
) -> Decision:
    """Answer whether a role is held in the first context of a lineage, or implied from above.

    Raises:
        UnknownContextType: the policy does not declare the type of the first context.
        UnknownRole: that type has no such role.

    """
    satisfying = policy.satisfying(lineage[0].type, role)
    barred = _barred(held, lineage, stamp)
    if barred is not None:
        return barred
    found = _found(held, satisfying, lineage)
    if found is not None:
        return Decision(True, Reason.ROLE, found, *stamp)
    return Decision(False, Reason.NO_ROLE, None, *stamp)


def _barred(held: Held, lineage: Lineage, stamp: Stamp) -> Decision | None:
    if not held.active:
        return Decision(False, Reason.INACTIVE, None, *stamp)
    for context in lineage:
        if context in held.refusals:
            return Decision(False, Reason.REFUSED, ("refusal", context), *stamp)
    return None


def _found(held: Held, sufficing: Granting, lineage: Lineage) -> tuple[str, Context] | None:
    grants = held.grants
    for context in lineage:
        roles = grants.get(context)
        if roles is not None:
            names = sufficing.get(context[0])
            if names is not None and not roles.isdisjoint(names):
                return min(roles & names), context
    return None


def _without_role(  # noqa: PLR0917 -- the arguments of decide() passed on
    policy: Policy,
    held: Held,
    permission: str,
    lineage: Lineage,
    open_here: Container[Context],
    stamp: Stamp,
) -> Decision:
    public = policy.public_on.get(permission)
    if public:
        for context in lineage:
            conditional = public.get(context.type)
            if conditional is False or (conditional and context in open_here):
                return Decision(True, Reason.PUBLIC, ("public", context), *stamp)
    if permission in policy.anonymous:
        return Decision(True, Reason.ANONYMOUS, None, *stamp)
    if permission in policy.authenticated and held.subject is not None:
        return Decision(True, Reason.AUTHENTICATED, None, *stamp)
    return Decision(False, Reason.NO_ROLE, None, *stamp)
