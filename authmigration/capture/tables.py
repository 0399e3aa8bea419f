"""What must be captured, table by table, worked out from the watches of a registry."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Field, Model

from ..legacy import Watch
from ..legacy.paths import column, steps
from ..legacy.watches import merged
from .routes import Hop, Route, column_of, concrete, names_the_key, user_route

PREFIX = "authz_capture_"
"""What the names of all our functions and triggers begin with."""

LABEL_LENGTH = 100
"""How much of a model's label fits into a mark."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Whom to mark when a row of a table changes.

    Attributes:
        source: the label of the watched model, as the mark names it.
        columns: the columns whose change counts, beside the key of the row.
        route: the way to the user; None: nobody can be named, and the epoch is raised.

    """

    source: str
    columns: tuple[str, ...]
    route: Route | None


@dataclass(frozen=True, slots=True)
class CapturedTable:
    """A table that needs triggers.

    Attributes:
        model: the model that owns it.
        key: the columns of its primary key.
        rules: whom its changes mark.
        generated: those of its columns that the database computes.

    """

    model: type[Model]
    key: tuple[str, ...]
    rules: tuple[Rule, ...]
    generated: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The table, as ``db_table`` says it."""
        return self.model._meta.db_table

    @property
    def capture_name(self) -> str:
        """What its function and its triggers are called, or begin with."""
        return PREFIX + hashlib.sha256(self.name.encode()).hexdigest()[:10]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column whose change may mark somebody, the key first."""
        watched = {name for rule in self.rules for name in rule.columns}
        return (*self.key, *sorted(watched - set(self.key)))

    @property
    def hops(self) -> tuple[Hop, ...]:
        """Every join that its rules make."""
        routes = (rule.route for rule in self.rules if rule.route is not None)
        return tuple(hop for route in routes for hop in route.hops)

    @property
    def needs(self) -> tuple[tuple[str, str], ...]:
        """Every table and column that its triggers name, the log apart."""
        own = {(self.name, column) for column in self.columns}
        starts = {(self.name, rule.route.start) for rule in self.rules if rule.route is not None}
        joined = {(hop.table, column) for hop in self.hops for column in (hop.match, hop.take)}
        return tuple(sorted(own | starts | joined))


def captured_tables(watches: Iterable[Watch]) -> tuple[CapturedTable, ...]:
    """Return every table that needs triggers, in the order of their names.

    A table on the way to a user is watched too, declared or not: of the rows between a fact and
    its user one that changes marks that user, and the last of them always can. See ADR 0006.

    Raises:
        DeclarationError: a watch names a column that is none, or a path that leads to no user.

    """
    declared = tuple(watches)
    on_the_way = (hop for watch in declared for hop in _on_the_way(watch))
    found: dict[type[Model], dict[tuple[str, Route | None], set[str]]] = {}
    for watch in merged((*declared, *on_the_way)):
        for owner, names in _columns_by_table(watch).items():
            key = (watch.label[:LABEL_LENGTH], user_route(owner, watch))
            found.setdefault(owner, {}).setdefault(key, set()).update(names)
    tables = (_table(owner, rules) for owner, rules in found.items())
    return tuple(sorted(tables, key=lambda table: table.name))


def _on_the_way(watch: Watch) -> Iterator[Watch]:
    if watch.user is None:
        return
    on_path = steps(watch.model, watch.user, source=watch.label)
    for before, step in pairwise(on_path):
        matched = before.field.target_field.name  # type: ignore[attr-defined]
        yield Watch(step.model, tuple({step.field.name, matched}), step.rest)
    last: Any = on_path[-1].field
    if last.is_relation and not names_the_key(last):
        yield Watch(last.related_model, (last.target_field.name,), "pk")


def _columns_by_table(watch: Watch) -> dict[type[Model], set[str]]:
    """Return the watched columns by the model whose table holds them: more than one if inherited.

    The model's own table is always among them, since a row appears and vanishes there.
    """
    found: dict[type[Model], set[str]] = {concrete(watch.model): set()}
    for field in _fields(watch):
        found.setdefault(concrete(field.model), set()).add(column_of(field))
    return found


def _fields(watch: Watch) -> Iterator[Field[Any, Any]]:
    if not watch.columns:
        yield from watch.model._meta.concrete_fields
    for name in watch.columns:
        yield column(watch.model, name, source=watch.label, path=name)
    if watch.user is not None:
        yield steps(watch.model, watch.user, source=watch.label)[0].field


def _table(owner: type[Model], rules: dict[tuple[str, Route | None], set[str]]) -> CapturedTable:
    key = tuple(map(column_of, getattr(owner._meta, "pk_fields", (owner._meta.pk,))))
    ordered = sorted(rules.items(), key=lambda item: (item[0][0], repr(item[0][1])))
    return CapturedTable(
        model=owner,
        key=key,
        rules=tuple(
            Rule(source, tuple(sorted(names - set(key))), route)
            for (source, route), names in ordered
        ),
        generated=frozenset(
            column_of(f)
            for f in owner._meta.local_concrete_fields
            if getattr(f, "generated", False)
        ),
    )
