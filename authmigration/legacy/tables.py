"""A declarative source: a table, and which of its columns say who holds what where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q
from django.db.models.constants import LOOKUP_SEP

from auth_lib import Effect, Role

from .paths import condition_columns, condition_text, steps
from .watches import Watch
from .writes import Write


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value of a role column that bars its subject from the context."""

    role: Role


Mapped = Role | Refusal


def refusal(role: Role) -> Refusal:
    """Map a legacy value to a refusal: whoever bears it is barred from the context."""
    return Refusal(role)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSource:
    """A legacy table that yields facts; see :func:`table` for what the fields mean."""

    name: str
    model: type[Model]
    user: str
    context: str | None
    role: str | Mapped
    roles: Mapping[Any, Mapped]
    ignore: Mapping[Any, str]
    where: Q | None
    valid_from: str | None
    valid_until: str | None
    write: Write | None

    @property
    def mapped(self) -> tuple[Mapped, ...]:
        """Every role or refusal that the source can yield."""
        if isinstance(self.role, str):
            return tuple(self.roles.values())
        return (self.role,)

    @property
    def on(self) -> str:
        """The context type on which all its roles are held."""
        return next(iter(self.yields)).on

    @property
    def yields(self) -> tuple[Role, ...]:
        """The roles that the source can yield, granted or refused."""
        return tuple(m.role if isinstance(m, Refusal) else m for m in self.mapped)

    @property
    def paths(self) -> dict[str, str]:
        """The paths of the source's columns by what they say."""
        given = {
            "user": self.user,
            "context": self.context,
            "role": self.role if isinstance(self.role, str) else None,
            "valid_from": self.valid_from,
            "valid_until": self.valid_until,
        }
        return {use: path for use, path in given.items() if path is not None}

    def watches(self) -> Iterator[Watch]:
        """Yield what must be watched: the table itself, and each table that a path crosses."""
        local: set[str] = set()
        for path in (*self.paths.values(), *self.condition()):
            first, *others = steps(self.model, path, source=self.name)
            local.add(first.field.name)
            for step in others:
                yield Watch(step.model, (step.field.name,), self._user_behind(path, step.rest))
        yield Watch(self.model, tuple(sorted(local)), self.user)

    def _user_behind(self, path: str, rest: str) -> str | None:
        # Only a row that lies on the user path itself stands for one subject.
        crossed = path.removesuffix(rest).removesuffix(LOOKUP_SEP)
        if self.user == crossed:
            return "pk"
        if self.user.startswith(crossed + LOOKUP_SEP):
            return self.user.removeprefix(crossed + LOOKUP_SEP)
        return None

    def condition(self) -> tuple[str, ...]:
        """Return the paths of the columns that ``where`` compares."""
        return tuple(condition_columns(self.model, self.where, source=self.name))

    def signature(self) -> str:
        """Return one line that changes whenever the facts that the source yields may change."""
        roles = sorted((repr(k), _mapped_text(m)) for k, m in self.roles.items())
        parts = [
            self.name,
            self.model._meta.label,
            repr(sorted(self.paths.items())),
            "" if isinstance(self.role, str) else _mapped_text(self.role),
            repr(roles),
            repr(sorted(map(repr, self.ignore))),
            condition_text(self.where),
        ]
        return "|".join(parts)


def table(
    model: type[Model],
    *,
    user: str,
    context: str | None = None,
    role: str | Mapped,
    roles: Mapping[Any, Mapped] | None = None,
    ignore: Mapping[Any, str] | None = None,
    where: Q | None = None,
    valid_from: str | None = None,
    valid_until: str | None = None,
    write: Write | None = None,
    name: str | None = None,
) -> TableSource:
    """Declare a table in which the old code keeps roles.

    Args:
        model: the model of the table; a many-to-many's ``through`` is one as well.
        user: the path to the user: ``student``, ``person__user``, or ``pk`` on the user model.
        context: the path to the context's id: ``course``, or ``pk`` where the row is the context
            itself; None for a role on the platform.
        role: the column that names the role; or the role itself where every row means the same.
        roles: what each value of the column means: a role, or ``legacy.refusal(role)``.
        ignore: the values that mean nothing, each with the reason.
        where: which rows count; without dates, which belong into ``valid_until``.
        valid_from: the column with the first moment at which the row counts.
        valid_until: the column with the first moment at which it counts no more; a column of
            dates counts through the whole of its last day.
        write: how a change of the new facts is written back into the table; see
            :func:`authmigration.legacy.write`. None: never.
        name: what the source is called in facts and reports; the model's label by default.

    Raises:
        DeclarationError: at start-up, by a system check, when a column or role does not exist.

    """
    return TableSource(
        name=name or model._meta.label,
        model=model,
        user=user,
        context=context,
        role=role,
        roles=dict(roles or {}),
        ignore=dict(ignore or {}),
        where=where,
        valid_from=valid_from,
        valid_until=valid_until,
        write=write,
    )


def effect_of(mapped: Mapped) -> tuple[Role, Effect]:
    """Return the role of a mapped value, and whether it is granted or refused."""
    if isinstance(mapped, Refusal):
        return mapped.role, Effect.REFUSE
    return mapped, Effect.GRANT


def _mapped_text(mapped: Mapped) -> str:
    role, effect = effect_of(mapped)
    return f"{effect.value} {role.key}"
