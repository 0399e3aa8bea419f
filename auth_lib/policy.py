"""All roles and context types of an installation, as one immutable value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from .contexts import PLATFORM_TYPE, valid_type
from .errors import InvalidContext, PolicyError, UnknownContextType, UnknownPermission, UnknownRole
from .roles import Role, RoleKey

_PERMISSION = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\Z")
_ROLE = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")

Granting = Mapping[str, frozenset[str]]
"""Context type to the names of the roles that suffice when held there."""


@dataclass(frozen=True, slots=True)
class ContextKind:
    """A context type as a decision sees it, without model or table.

    Attributes:
        name: ``course``.
        parent: the type of the context above; None where that is the platform.
        public: what anybody may do there without a role.
        conditional: ``public`` holds only for objects that the caller says are open.

    """

    name: str
    parent: str | None = None
    public: frozenset[str] = frozenset()
    conditional: bool = False


@dataclass(frozen=True)
class Policy:
    """Roles, context types, and what needs no role.

    Args:
        roles: every role.
        kinds: every context type but the platform, which is always there.
        anonymous: what anybody may do, logged in or not, without asking where.
        authenticated: what any known subject may do, without asking where.

    Raises:
        PolicyError: it contradicts itself; every contradiction is listed.

    """

    roles: tuple[Role, ...] = ()
    kinds: tuple[ContextKind, ...] = ()
    anonymous: frozenset[str] = frozenset()
    authenticated: frozenset[str] = frozenset()
    _granting: dict[str, Granting] = field(init=False, repr=False, compare=False)
    _satisfying: dict[RoleKey, Granting] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name in ("roles", "kinds"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        for name in ("anonymous", "authenticated"):
            object.__setattr__(self, name, frozenset(getattr(self, name)))
        problems = tuple(contradictions(self))
        if problems:
            raise PolicyError(problems)
        object.__setattr__(self, "_granting", {p: self._who_grants(p) for p in self.permissions})
        object.__setattr__(self, "_satisfying", {k: self._who_has(k) for k in self.by_key})

    @cached_property
    def by_key(self) -> Mapping[RoleKey, Role]:
        """Every role by its type and name."""
        return MappingProxyType({role.key: role for role in self.roles})

    @cached_property
    def kind_of(self) -> Mapping[str, ContextKind]:
        """Every context type by its name, the platform included."""
        kinds = (ContextKind(PLATFORM_TYPE), *self.kinds)
        return MappingProxyType({kind.name: kind for kind in kinds})

    @cached_property
    def permissions(self) -> frozenset[str]:
        """Every permission that somebody can have."""
        sets = [role.can for role in self.roles] + [kind.public for kind in self.kinds]
        return frozenset().union(self.anonymous, self.authenticated, *sets)

    def granting(self, permission: str) -> Granting:
        """Return which roles give a permission, by the context type where they are held.

        Raises:
            UnknownPermission: nothing declares it.

        """
        try:
            return self._granting[permission]
        except KeyError:
            raise UnknownPermission(permission, self.permissions) from None

    def satisfying(self, on: str, name: str) -> Granting:
        """Return which roles answer for a role asked by name: itself, and those that imply it.

        Raises:
            UnknownContextType: there is no such type.
            UnknownRole: the type has no such role.

        """
        try:
            return self._satisfying[RoleKey(on, name)]
        except KeyError:
            self.require_type(on)
            raise UnknownRole(name, (r.name for r in self.roles if r.on == on)) from None

    def require_type(self, name: str) -> ContextKind:
        """Return a context type, or raise :class:`UnknownContextType`."""
        try:
            return self.kind_of[name]
        except KeyError:
            raise UnknownContextType(name, self.kind_of) from None

    @cached_property
    def public_on(self) -> Mapping[str, Mapping[str, bool]]:
        """Permission to the types where it is public, and whether that is conditional."""
        found: dict[str, dict[str, bool]] = {}
        for kind in self.kinds:
            for permission in kind.public:
                found.setdefault(permission, {})[kind.name] = kind.conditional
        return MappingProxyType(found)

    def ancestors(self, type_: str) -> tuple[str, ...]:
        """Return the types above one, nearest first, the platform last."""
        found: list[str] = []
        parent = self.require_type(type_).parent
        while parent is not None:
            found.append(parent)
            parent = self.kind_of[parent].parent
        return (*found, PLATFORM_TYPE) if type_ != PLATFORM_TYPE else ()

    def closure(self, role: Role) -> frozenset[RoleKey]:
        """Return the role's key and, transitively, the keys of what it implies."""
        seen = {role.key}
        todo = [role]
        while todo:
            for key in todo.pop().implies:
                if key not in seen:
                    seen.add(key)
                    todo.append(self.by_key[key])
        return frozenset(seen)

    def _who_grants(self, permission: str) -> Granting:
        return _by_type(
            role.key
            for role in self.roles
            if any(permission in self.by_key[key].can for key in self.closure(role))
        )

    def _who_has(self, wanted: RoleKey) -> Granting:
        return _by_type(role.key for role in self.roles if wanted in self.closure(role))


def _by_type(keys: Iterable[RoleKey]) -> Granting:
    found: dict[str, set[str]] = {}
    for key in keys:
        found.setdefault(key.on, set()).add(key.name)
    return {on: frozenset(names) for on, names in found.items()}


def contradictions(policy: Policy) -> Iterator[str]:
    """Yield one sentence for each way in which a policy contradicts itself."""
    yield from _bad_kinds(policy)
    yield from _bad_roles(policy)
    yield from _bad_permissions(policy)


def _bad_kinds(policy: Policy) -> Iterator[str]:
    names = [kind.name for kind in policy.kinds]
    for name in sorted({n for n in names if names.count(n) > 1}):
        yield f"Context type {name!r} is declared twice."
    for kind in policy.kinds:
        try:
            valid_type(kind.name)
        except InvalidContext as error:
            yield str(error)
        if kind.name == PLATFORM_TYPE:
            yield "Context type 'platform' is always there; do not declare it."
        if kind.parent is not None and kind.parent not in policy.kind_of:
            yield f"Context type {kind.name!r} has the undeclared parent {kind.parent!r}."
    yield from _cycles(policy)


def _cycles(policy: Policy) -> Iterator[str]:
    for kind in policy.kinds:
        seen = {kind.name}
        parent = kind.parent
        while parent is not None and parent in policy.kind_of:
            if parent in seen:
                yield f"Context type {kind.name!r} is its own ancestor, through {parent!r}."
                return
            seen.add(parent)
            parent = policy.kind_of[parent].parent


def _bad_roles(policy: Policy) -> Iterator[str]:
    seen: dict[RoleKey, Role] = {}
    for role in policy.roles:
        if role.key in seen:
            yield f"Role {role.key} is declared at {seen[role.key].origin} and at {role.origin}."
        seen[role.key] = role
        if not _ROLE.match(role.name):
            yield f"Role name {role.name!r} ({role.origin}) is not lower-case letters and digits."
        if role.on not in policy.kind_of:
            yield f"Role {role.key} ({role.origin}) is on the undeclared context type {role.on!r}."
    for role in policy.roles:
        yield from _bad_links(policy, role)


def _bad_links(policy: Policy, role: Role) -> Iterator[str]:
    for key in role.implies:
        if key not in policy.by_key:
            yield f"Role {role.key} ({role.origin}) implies the undeclared role {key}."
        elif key.on != role.on and role.on not in _above(policy, key.on):
            yield f"Role {role.key} ({role.origin}) implies {key}, which is not held below it."
    names = {other.name for other in policy.roles}
    for name in sorted(role.view_as - names):
        yield f"Role {role.key} ({role.origin}) may view as {name!r}, which no role is called."


def _above(policy: Policy, type_: str) -> set[str]:
    found = {PLATFORM_TYPE}
    while (kind := policy.kind_of.get(type_)) and kind.parent and kind.parent not in found:
        found.add(kind.parent)
        type_ = kind.parent
    return found


def _bad_permissions(policy: Policy) -> Iterator[str]:
    for permission in sorted(policy.permissions):
        if not _PERMISSION.match(permission):
            yield f"Permission {permission!r} is not of the form noun.verb, as in grade.edit."
