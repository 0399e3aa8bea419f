"""Read all rows in one consistent read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from waffle import get_waffle_flag_model

from .cohort_forms import read_cohort
from .cohorts import CohortValue
from .connections import STATEMENT
from .content import Content, Effect, OptionsRow, RuleValue, SwitchRow, WaffleRow
from .errors import InvalidCohort

Pairs = dict[str, set[str]]
EFFECTS = {effect.value for effect in Effect}


def read_content(connection: BaseDatabaseWrapper) -> Content:
    """Read what the store holds, in the transaction that the connection is in."""
    from .models import Cohort, FlagOptions, KillSwitch, Rule

    cohorts, broken = _cohorts(_rows(connection, Cohort, "name", "kind", "parameters"))
    rules = _rows(connection, Rule, "flag", "effect", "cohort__name", "until")
    options = _rows(connection, FlagOptions, "flag", "prerequisite", "salt", "safe")
    switches = _rows(connection, KillSwitch, "name", "on", "reason", "actor", "at", "changed_at")
    readable, unreadable = _rules(rules, cohorts, broken)
    return Content(
        waffle=_waffle(connection),
        rules=readable,
        options={flag: OptionsRow(*rest) for flag, *rest in options},
        switches={name: SwitchRow(*rest) for name, *rest in switches},
        cohorts=cohorts,
        unreadable=unreadable,
    )


@contextmanager
def consistent(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Hold one short read transaction, so that all rows are of one moment.

    Args:
        connection: in autocommit, and nobody else's.

    """
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    try:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; "
                    f"SET LOCAL statement_timeout = {STATEMENT * 1_000}"
                )
        yield
    finally:
        connection.rollback()
        connection.set_autocommit(True)


@contextmanager
def guarded(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Read on the caller's connection without breaking a transaction that the caller is in."""
    if connection.in_atomic_block:
        with transaction.atomic(using=connection.alias):
            yield
    else:
        yield


def _rows(
    connection: BaseDatabaseWrapper, model: type[models.Model], *columns: str
) -> list[tuple[Any, ...]]:
    # The ORM writes the statement and converts the values; only the connection is another.
    query = model._base_manager.order_by().values_list(*columns).query
    return list(query.get_compiler(connection=connection).results_iter(tuple_expected=True))


def _waffle(connection: BaseDatabaseWrapper) -> dict[str, WaffleRow]:
    model: Any = get_waffle_flag_model()
    users = _pairs(connection, model.users, "pk")
    groups = _pairs(connection, model.groups, "name")
    columns = ("name", "everyone", "percent", "staff", "superusers", "authenticated")
    return {
        name: WaffleRow(
            everyone,
            int((percent or 0) * 100),
            frozenset(users[name]),
            frozenset(groups[name]),
            staff,
            superusers,
            authenticated,
        )
        for name, everyone, percent, staff, superusers, authenticated in _rows(
            connection, model, *columns
        )
    }


def _pairs(connection: BaseDatabaseWrapper, relation: Any, column: str) -> Pairs:
    flag, other = relation.field.m2m_field_name(), relation.field.m2m_reverse_field_name()
    found: Pairs = defaultdict(set)
    for name, value in _rows(connection, relation.through, f"{flag}__name", f"{other}__{column}"):
        found[name].add(str(value))
    return found


def _cohorts(
    rows: Iterable[tuple[str, str, object]],
) -> tuple[dict[str, CohortValue], dict[str, str]]:
    values, broken = {}, {}
    for name, kind, parameters in rows:
        try:
            values[name] = read_cohort(name, kind, parameters)
        except InvalidCohort as error:
            broken[name] = str(error)
    return values, broken


def _rules(
    rows: Iterable[tuple[str, str, str, datetime | None]],
    cohorts: dict[str, CohortValue],
    broken: dict[str, str],
) -> tuple[dict[str, tuple[RuleValue, ...]], dict[str, str]]:
    values: dict[str, tuple[RuleValue, ...]] = defaultdict(tuple)
    unreadable: dict[str, str] = {}
    for flag, effect, cohort, until in rows:
        if cohort not in cohorts or effect not in EFFECTS:
            unreadable[flag] = broken.get(cohort, f"cannot read {effect} {cohort}")
            continue
        ends = until.timestamp() if until else None
        values[flag] += (RuleValue(Effect(effect), cohorts[cohort], ends),)
    return dict(values), unreadable
