"""The questions the other way round: who may, and what somebody holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from auth_lib import PLATFORM, Effect, Fact, Lineage

from .. import conf, registry
from ..selectors import barred, holders
from ..snapshots import snapshot_of
from ..subjects import subject_of
from .targets import target_of


@dataclass(frozen=True, slots=True)
class Holders:
    """Who has a permission on an object, by the central facts.

    Attributes:
        subjects: their ids, in order.
        everybody: True where the permission needs no role at all there.
        barred: the ids of those who do not have it all the same, where everybody else has.
        known: True where everybody is everybody who has logged in.

    """

    subjects: tuple[str, ...]
    everybody: bool = False
    barred: frozenset[str] = frozenset()
    known: bool = False

    def __contains__(self, who: object) -> bool:
        subject = subject_of(who)
        if not self.everybody:
            return subject.id in self.subjects
        if self.known and subject.id is None:
            return False
        return subject.active and subject.id not in self.barred


def who_can(permission: str, what: Any = PLATFORM) -> Holders:
    """Return who has a permission on an object, by the central facts as they are stored.

    Subjects that were not migrated yet are missing; ``authz_status`` says how many those are.

    Raises:
        UnknownPermission, InvalidContext, UnknownContextType: see :func:`check`.

    """
    declared = registry.get()
    granting = declared.policy.granting(permission)
    target = target_of(declared, what)
    lineage = target.lineage()
    using = conf.get().database
    found = holders(lineage, granting, using=using)
    public = _is_public(permission, lineage, target)
    if not public and permission not in declared.policy.authenticated:
        return Holders(found)
    out = barred(lineage, using=using)
    return Holders(found, everybody=True, barred=out, known=not public)


def roles_of(who: Any) -> tuple[Fact, ...]:
    """Return what a subject holds now, by the facts of the world that decides for it."""
    held = snapshot_of(subject_of(who)).deciding()
    granted = [Fact(role, c) for c, roles in held.grants.items() for role in sorted(roles)]
    refused = [Fact("", c, Effect.REFUSE) for c in held.refusals]
    return tuple(sorted(granted + refused))


def _is_public(permission: str, lineage: Lineage, target: Any) -> bool:
    policy = registry.get().policy
    public = policy.public_on.get(permission, {})
    opens = target.opens()
    return permission in policy.anonymous or any(
        public.get(c.type) is False or (public.get(c.type) and c in opens) for c in lineage
    )
