"""Writing facts, state, event and counters of some subjects: all of it, or nothing.

On PostgreSQL it is one statement, so that a first access costs few round trips.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from .. import dialects
from ..errors import Busy
from ..selectors import NO_BEGINNING, SourcedFact

Row = dict[str, Any]

_FACT = {
    "subject": "text",
    "context_type": "text",
    "context_id": "text",
    "role": "text",
    "effect": "text",
    "source": "text",
    "valid_from": "timestamptz",
    "valid_until": "timestamptz",
    "created_at": "timestamptz",
}
_EVENT = {
    "at": "timestamptz",
    "actor": "text",
    "action": "text",
    "subject": "text",
    "role": "text",
    "context": "text",
    "reason": "text",
    "generation": "integer",
    "detail": "jsonb",
}
_COUNT = {"name": "text", "label": "text", "delta": "bigint", "at": "timestamptz"}
_STATE = {
    "subject": "text",
    "status": "text",
    "generation": "integer",
    "revision": "integer",
    "mapping_hash": "text",
    "mapping_version": "integer",
    "epoch": "bigint",
    "attempts": "integer",
    "reason": "text",
    "contexts": "integer",
    "retired_at": "timestamptz",
    "synced_at": "timestamptz",
}
_FACT_KEY = "subject, context_type, context_id, role, effect, source, valid_from"


@dataclass(slots=True)
class Batch:
    """Everything that one synchronisation writes."""

    now: datetime
    removed: list[int] = field(default_factory=list)
    facts: list[tuple[str, SourcedFact]] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    counts: list[Row] = field(default_factory=list)
    states: list[Row] = field(default_factory=list)


def store(batch: Batch, *, using: str) -> None:
    """Write a batch, in the transaction of the caller.

    Raises:
        Busy: a state has another revision than the one that was read, or exists where there was
            none: somebody else synchronised the subject meanwhile. Nothing may be committed.

    """
    connection = connections[using]
    dialect = dialects.of(connection)
    parts = list(_parts(batch, dialect))
    state_sql, state_param = _state_part(batch, dialect)
    if dialect is dialects.POSTGRESQL:
        written = _at_once(connection, parts, state_sql, state_param)
    else:
        written = _one_by_one(connection, parts, state_sql, state_param)
    if written != len(batch.states):
        raise Busy("A subject was synchronised by somebody else at the same moment.")


def _at_once(
    connection: BaseDatabaseWrapper, parts: Sequence[tuple[str, Any]], sql: str, param: Any
) -> int:
    named = ", ".join(f"part{index} AS ({part})" for index, (part, _) in enumerate(parts))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {named} {sql}" if named else sql, [*(p for _, p in parts), param])
        return len(cursor.fetchall())


def _one_by_one(
    connection: BaseDatabaseWrapper, parts: Sequence[tuple[str, Any]], sql: str, param: Any
) -> int:
    with connection.cursor() as cursor:
        for part, given in parts:
            cursor.execute(part, [given])
        cursor.execute(sql, [param])
        return len(cursor.fetchall())


def _parts(batch: Batch, dialect: dialects.Dialect) -> Iterable[tuple[str, Any]]:
    if batch.removed:
        condition = dialect.among.format(column="id")
        yield (
            f"DELETE FROM authmigration_assignment WHERE {condition}",  # noqa: S608 -- no value in it
            dialect.array(batch.removed),
        )
    if batch.facts:
        rows = [_fact_row(subject, fact, batch.now) for subject, fact in batch.facts]
        yield (
            (
                f"{_insert('assignment', _FACT, dialect)} ON CONFLICT ({_FACT_KEY}) "
                "DO UPDATE SET valid_until = excluded.valid_until"
            ),
            _json(rows, dialect),
        )
    for table, columns, rows in (
        ("auditevent", _EVENT, batch.events),
        ("counterdelta", _COUNT, batch.counts),
    ):
        if rows:
            stamped = [{**row, "at": batch.now} for row in rows]
            yield _insert(table, columns, dialect), _json(stamped, dialect)


def _state_part(batch: Batch, dialect: dialects.Dialect) -> tuple[str, Any]:
    kept = ("subject", "retired_at")
    updates = ", ".join(f"{name} = excluded.{name}" for name in _STATE if name not in kept)
    sql = (
        f"{_insert('subjectstate', _STATE, dialect)} ON CONFLICT (subject) DO UPDATE SET {updates} "
        "WHERE authmigration_subjectstate.revision = excluded.revision - 1 RETURNING subject"
    )
    rows = [{**row, "synced_at": batch.now} for row in batch.states]
    return sql, _json(rows, dialect)


def _insert(table: str, columns: dict[str, str], dialect: dialects.Dialect) -> str:
    names = ", ".join(columns)
    # SQLite needs WHERE to tell ON CONFLICT from the condition of a join.
    return (
        f"INSERT INTO authmigration_{table} ({names}) "  # noqa: S608 -- names of this module
        f"SELECT {names} FROM {dialect.rows(columns, 'r')} WHERE true"
    )


def _fact_row(subject: str, sourced: SourcedFact, now: datetime) -> Row:
    fact = sourced.fact
    return {
        "subject": subject,
        "context_type": fact.context.type,
        "context_id": fact.context.id,
        "role": fact.role,
        "effect": str(fact.effect),
        "source": sourced.source,
        "valid_from": fact.valid_from or NO_BEGINNING,
        "valid_until": fact.valid_until,
        "created_at": now,
    }


def _json(rows: Iterable[Row], dialect: dialects.Dialect) -> str:
    def text(value: object) -> str:
        if isinstance(value, datetime):
            return dialect.text(value)
        raise TypeError(f"{value!r} cannot be stored.")

    return json.dumps(list(rows), default=text)
