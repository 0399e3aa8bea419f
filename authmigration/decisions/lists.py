"""The same policy as a condition on a queryset: what may be listed is what a check allows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Q

from auth_lib import PLATFORM, Context, HeldRoles, InvalidContext

from ..contexts import ContextType
from ..registry import Registry

NOTHING = Q(pk__in=())
EVERYTHING = Q()


class Level(NamedTuple):
    """A context type on the way up, and the path of foreign keys that leads there."""

    kind: ContextType
    path: str


def condition(declared: Registry, held: HeldRoles, permission: str, kind: ContextType) -> Q:
    """Return which rows of a context type a permission covers.

    Raises:
        UnknownPermission: the policy does not declare it.

    """
    levels = levels_of(declared, kind)
    if _everywhere(declared, held, permission):
        allowed = EVERYTHING
    else:
        allowed = either(
            [granted(declared, held, permission, kind)]
            + [_public(declared, permission, level) for level in levels]
        )
    return without_barred(declared, held, kind, allowed)


def granted(declared: Registry, held: HeldRoles, permission: str, kind: ContextType) -> Q:
    """Return which rows a permission covers by a role alone; refusals are not yet looked at."""
    granting = declared.policy.granting(permission)
    names = granting.get(PLATFORM.type, frozenset())
    if not names.isdisjoint(held.grants.get(PLATFORM, frozenset())):
        return EVERYTHING
    return either(_granted(declared, held, granting, lv) for lv in levels_of(declared, kind))


def without_barred(declared: Registry, held: HeldRoles, kind: ContextType, allowed: Q) -> Q:
    """Return a condition less the rows from which the subject is barred."""
    if not held.active or PLATFORM in held.refusals:
        return NOTHING
    barred = either(_refused(declared, held, level) for level in levels_of(declared, kind))
    return allowed if barred == NOTHING else allowed & ~barred


def within(declared: Registry, context: Context, kind: ContextType) -> Q:
    """Return which rows of a type lie in a context, or are it."""
    if context == PLATFORM:
        return EVERYTHING
    levels = (lv for lv in levels_of(declared, kind) if lv.kind.name == context.type)
    return either(_in(declared, level, [context]) for level in levels)


def levels_of(declared: Registry, kind: ContextType) -> tuple[Level, ...]:
    """Return a context type and those above it, nearest first, the platform left out."""
    return tuple(_levels(declared, kind))


def _levels(declared: Registry, kind: ContextType) -> Iterator[Level]:
    lineages = declared.lineages
    yield Level(kind, "pk")
    path = ""
    while kind.parent is not None:
        path = f"{path}__{kind.parent}" if path else kind.parent
        kind = lineages.by_model[kind.parent_model()]  # type: ignore[index]
        yield Level(kind, path)


def _everywhere(declared: Registry, held: HeldRoles, permission: str) -> bool:
    policy = declared.policy
    return permission in policy.anonymous or (
        permission in policy.authenticated and held.subject is not None
    )


def _granted(declared: Registry, held: HeldRoles, granting: Any, level: Level) -> Q:
    names = granting.get(level.kind.name)
    if not names:
        return NOTHING
    found = (
        context
        for context, roles in held.grants.items()
        if context.type == level.kind.name and not roles.isdisjoint(names)
    )
    return _in(declared, level, found)


def _refused(declared: Registry, held: HeldRoles, level: Level) -> Q:
    return _in(declared, level, (c for c in held.refusals if c.type == level.kind.name))


def _public(declared: Registry, permission: str, level: Level) -> Q:
    conditional = declared.policy.public_on.get(permission, {}).get(level.kind.name)
    if conditional is None:
        return NOTHING
    if level.path == "pk" and level.kind.name in declared.plainly_public:
        where = level.kind.public_where
        return where if where is not None else EVERYTHING
    rows = level.kind.model._base_manager.all()
    if level.kind.public_where is not None:
        rows = rows.filter(level.kind.public_where)
    return Q(**{f"{level.path}__in": rows.values("pk")})


def _in(declared: Registry, level: Level, contexts: Iterable[Context]) -> Q:
    keys = sorted(_keys(declared, contexts), key=str)
    return Q(**{f"{level.path}__in": keys}) if keys else NOTHING


def _keys(declared: Registry, contexts: Iterable[Context]) -> Iterator[Any]:
    for context in contexts:
        try:
            yield declared.lineages.key_of(context)
        except InvalidContext:
            continue  # a fact about something that never was an object of this model


def either(conditions: Iterable[Q]) -> Q:
    """Return what fulfils one of some conditions; Django takes ``Q() | other`` for the other."""
    found = NOTHING
    for each in conditions:
        if each == NOTHING:
            continue
        if each == EVERYTHING:
            return EVERYTHING
        found = each if found == NOTHING else found | each
    return found
