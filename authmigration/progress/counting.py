"""Users by state, counted by the database: one statement for all of them, one for some units."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, UUIDField

from .. import conf, dialects, registry
from ..selectors import EPOCH_SQL, MARKED_SQL

_STATE = f"""
    CASE WHEN s.subject IS NULL THEN 'unmigrated'
        WHEN s.retired_at IS NOT NULL THEN 'retired'
        WHEN s.status <> 'migrated' THEN s.status
        WHEN s.mapping_hash <> %s OR s.epoch <> {EPOCH_SQL}
            OR {MARKED_SQL.format(subject="s.subject")} THEN 'stale'
        ELSE 'migrated' END
"""

# From the users, so that the state of somebody deleted since is not counted.
_EVERYBODY = (
    "SELECT {state} AS state, COUNT(*), SUM(CASE WHEN s.contexts > %s THEN 1 ELSE 0 END) "
    "FROM {users} u LEFT JOIN authmigration_subjectstate s ON s.subject = {key} GROUP BY 1"
)
_OF_UNITS = (
    "SELECT m.unit, {state} AS state, COUNT(*), "
    "SUM(CASE WHEN s.contexts > %s THEN 1 ELSE 0 END) "
    "FROM {members} LEFT JOIN authmigration_subjectstate s ON s.subject = m.subject GROUP BY 1, 2"
)
_RETIRED = "SELECT COUNT(*) FROM authmigration_subjectstate WHERE retired_at IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many subjects are in which state; each is in one.

    Attributes:
        total: how many there are.
        migrated: their central facts may decide.
        stale: migrated, and a change waits to be followed.
        failing: migrating failed, and is tried again.
        quarantined: migrating failed too often: legacy decides.
        unmigrated: not seen yet.
        retired: past the point of no return.
        over_limit: holding roles in more contexts than ``MAX_CONTEXTS``, whatever the state.

    """

    total: int = 0
    migrated: int = 0
    stale: int = 0
    failing: int = 0
    quarantined: int = 0
    unmigrated: int = 0
    retired: int = 0
    over_limit: int = 0

    @property
    def moved(self) -> int:
        """How many have moved: migrated or retired."""
        return self.migrated + self.retired

    def by_state(self) -> dict[str, int]:
        """Return the number of each state, in the order in which they are shown."""
        return {state: getattr(self, state) for state in STATES}

    def as_json(self) -> dict[str, int]:
        """Return every number by its name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


STATES = ("retired", "migrated", "stale", "failing", "quarantined", "unmigrated")
"""The states of a subject, the furthest first."""


def everybody() -> Counts:
    """Count all users of the host by state."""
    model = get_user_model()
    connection = connections[conf.get().database]
    quote = connection.ops.quote_name
    sql = _EVERYBODY.format(
        state=_STATE,
        users=quote(model._meta.db_table),
        key=_as_text(f"u.{quote(str(model._meta.pk.column))}", model._meta.pk, connection),
    )
    rows = _rows(connection, sql, [registry.get().mapping_hash, conf.get().max_contexts])
    return _counts(rows)


def of_units(members: Mapping[str, Iterable[str]]) -> dict[str, Counts]:
    """Count the members of some units by state, in one statement.

    Args:
        members: the subjects of each unit.

    """
    connection = connections[conf.get().database]
    dialect = dialects.of(connection)
    table = dialect.rows({"unit": "text", "subject": "text"}, "m")
    sql = _OF_UNITS.format(state=_STATE, members=table)
    pairs = [
        {"unit": unit, "subject": subject}
        for unit, subjects in members.items()
        for subject in sorted({str(each) for each in subjects})
    ]
    given = [registry.get().mapping_hash, conf.get().max_contexts, json.dumps(pairs)]
    found: dict[str, list[tuple[Any, ...]]] = {unit: [] for unit in members}
    for unit, *row in _rows(connection, sql, given) if pairs else ():
        found[unit].append(tuple(row))
    return {unit: _counts(rows) for unit, rows in found.items()}


def retired() -> int:
    """Count the subjects that have passed the point of no return: a kill does not reach them."""
    ((count,),) = _rows(connections[conf.get().database], _RETIRED, [])
    return int(count)


def _counts(rows: Iterable[tuple[Any, ...]]) -> Counts:
    known = dict.fromkeys(STATES, 0)
    total = over = 0
    for state, count, above in rows:
        known[state] = known.get(state, 0) + int(count)
        total += int(count)
        over += int(above or 0)
    return Counts(total=total, over_limit=over, **known)


def _rows(connection: BaseDatabaseWrapper, sql: str, given: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())


def _as_text(column: str, key: Field[Any, Any], connection: BaseDatabaseWrapper) -> str:
    while key.is_relation:  # the key of a model that inherits from another
        key = key.target_field  # type: ignore[attr-defined]
    if not isinstance(key, UUIDField) or connection.features.has_native_uuid_field:
        return f"CAST({column} AS text)"
    cuts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    return " || '-' || ".join(f"substr({column}, {start}, {length})" for start, length in cuts)
