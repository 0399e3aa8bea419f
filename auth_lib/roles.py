"""A role: a named set of permissions on one type of context, declared in code."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath
from typing import NamedTuple

from .contexts import PLATFORM, PLATFORM_TYPE, Context
from .facts import Effect, Fact


class RoleKey(NamedTuple):
    """What names a role: written ``course/teacher``."""

    on: str
    name: str

    def __str__(self) -> str:
        return f"{self.on}/{self.name}"


class Role:
    """A named set of permissions on one type of context (NIST RBAC).

    Args:
        name: ``teacher``.
        on: the context type on which it is held: ``course``.
        can: the permissions that it gives there and below: ``{"course.edit"}``.
        implies: roles that whoever holds this one also has, on the same context or on those
            below it: a school's administrator implies teacher on the school's courses.
        view_as: the names of the roles as which a holder may look at the context.

    """

    __slots__ = ("can", "implies", "name", "on", "origin", "view_as")

    def __init__(
        self,
        name: str,
        *,
        on: str = PLATFORM_TYPE,
        can: Iterable[str] = (),
        implies: Iterable[Role] = (),
        view_as: Iterable[str] = (),
    ) -> None:
        self.name = name
        self.on = on
        self.can = frozenset(can)
        self.implies = tuple(role.key for role in implies)
        self.view_as = frozenset(view_as)
        caller = sys._getframe(1)  # noqa: SLF001 -- inspect.stack() reads source files, this not
        self.origin = _declared_at(caller.f_code.co_filename, caller.f_lineno)

    @property
    def key(self) -> RoleKey:
        """The type and the name, by which roles are told apart."""
        return RoleKey(self.on, self.name)

    def at(
        self,
        context_id: object = PLATFORM.id,
        *,
        valid_from: datetime | None = None,
        valid_until: datetime | None = None,
    ) -> Fact:
        """Return the fact that this role is held in one context (the platform needs no id)."""
        return Fact(self.name, self._context(context_id), Effect.GRANT, valid_from, valid_until)

    def refused_at(
        self,
        context_id: object = PLATFORM.id,
        *,
        valid_from: datetime | None = None,
        valid_until: datetime | None = None,
    ) -> Fact:
        """Return the fact that the subject is barred from one context and all below it."""
        return Fact(self.name, self._context(context_id), Effect.REFUSE, valid_from, valid_until)

    def _context(self, context_id: object) -> Context:
        return Context.of(self.on, context_id)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Role) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return f"<Role {self.key} declared at {self.origin}>"

    @property
    def _value(self) -> tuple[object, ...]:
        return (self.key, self.can, self.implies, self.view_as)


def _declared_at(filename: str, line: int) -> str:
    # Two folders and the name are enough to find a line, and hold no path of the machine.
    return f"{'/'.join(PurePath(filename).parts[-3:])}:{line}"
