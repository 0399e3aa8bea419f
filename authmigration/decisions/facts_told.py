"""The facts behind an answer, in words: those on the lineage, and those that come near."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from auth_lib import Effect, Policy, RoleKey

from ..selectors import SourcedFact
from ..snapshots import Snapshot
from .targets import Target

MOST_NEAR = 5


def facts_told(snapshot: Snapshot, permission: str, target: Target) -> list[str]:
    """Return a line for each fact on the lineage, and for some elsewhere that would have counted.

    Each says what the fact does for the permission, or why it does nothing now.
    """
    if snapshot.subject.id is None:
        return ["  facts:      none, since nobody has logged in"]
    if snapshot.loaded is None:
        return list(_legacy_facts(snapshot, permission, target))
    here = set(target.lineage())
    facts = snapshot.loaded.facts
    on_it = [each for each in facts if each.fact.context in here]
    policy, now = target.declared.policy, snapshot.loaded.now
    told = [f"  fact:       {_told(each, policy, permission, now)}" for each in on_it]
    elsewhere = [each for each in facts if each.fact.context not in here]
    return [*(told or ["  fact:       none on the lineage"]), *_near(elsewhere, policy, permission)]


def wanted_told(policy: Policy, permission: str, target: Target) -> str:
    """Return the line that names the roles which would give a permission here."""
    granting = policy.granting(permission)
    types = dict.fromkeys(context.type for context in target.lineage())
    names = [
        str(RoleKey(type_, name)) for type_ in types for name in sorted(granting.get(type_, ()))
    ]
    return f"  wanted:     {' or '.join(names) or 'no role gives this here'}"


def _told(each: SourcedFact, policy: Policy, permission: str, now: datetime) -> str:
    role, context, effect, _, _ = each.fact
    said = f"{role} in {context}, {effect}, from {each.source}"
    return f"{said}: {_effect(each, policy, permission, now)}"


def _effect(each: SourcedFact, policy: Policy, permission: str, now: datetime) -> str:
    fact = each.fact
    if fact.valid_from is not None and now < fact.valid_from:
        return f"begins {_at(fact.valid_from)}, and counts for nothing before"
    if not fact.holds_at(now):
        return f"ended {_at(fact.valid_until)}, and counts for nothing"
    if fact.effect == Effect.REFUSE:
        return "bars from here and from all below, whatever is granted"
    if RoleKey(fact.context.type, fact.role) not in policy.by_key:
        return "not declared here, and counts for nothing"
    gives = _gives(each, policy, permission)
    return f"{'gives' if gives else 'does not give'} {permission}"


def _gives(each: SourcedFact, policy: Policy, permission: str) -> bool:
    names = policy.granting(permission).get(each.fact.context.type, frozenset())
    return each.fact.effect == Effect.GRANT and each.fact.role in names


def _near(elsewhere: list[SourcedFact], policy: Policy, permission: str) -> Iterator[str]:
    found = [each for each in elsewhere if _gives(each, policy, permission)]
    for each in found[:MOST_NEAR]:
        yield f"  near:       {each.fact.role} in {each.fact.context} would give it there, not here"
    if len(found) > MOST_NEAR:
        yield f"  near:       {len(found) - MOST_NEAR} more in other contexts"


def _legacy_facts(snapshot: Snapshot, permission: str, target: Target) -> Iterator[str]:
    """Yield what the legacy sources say now, where nothing is stored or nothing was read."""
    try:
        held = snapshot.legacy_held()
    except Exception as error:  # noqa: BLE001 -- it decides nothing here, and is told
        yield f"  facts:      legacy cannot be read ({type(error).__name__}: {error})"
        return
    granting = target.declared.policy.granting(permission)
    lineage = target.lineage()
    for context in lineage:
        if context in held.refusals:
            yield f"  fact:       refused in {context}, read from legacy now"
        for role in sorted(held.grants.get(context, ())):
            verb = "gives" if role in granting.get(context.type, ()) else "does not give"
            yield f"  fact:       {role} in {context}, read from legacy now: {verb} {permission}"
    if not any(c in held.refusals or held.grants.get(c) for c in lineage):
        yield "  fact:       none on the lineage, read from legacy now"


def _at(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
