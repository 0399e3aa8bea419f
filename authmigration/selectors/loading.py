"""Everything that a decision needs to know of some subjects, in one statement."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connections

from auth_lib import Context, Effect, Fact

from .. import dialects
from ..dialects import NO_BEGINNING
from ..models import NATIVE
from .epochs import EPOCH_SQL, MARKED_SQL


class SourcedFact(NamedTuple):
    """A fact, the source that yielded it, and its row (0: not stored yet)."""

    source: str
    fact: Fact
    row: int = 0

    @property
    def is_native(self) -> bool:
        """Whether the fact has no counterpart in the legacy tables."""
        return self.source == NATIVE


@dataclass(frozen=True, slots=True)
class State:
    """A subject's state row, as read."""

    status: str
    generation: int
    revision: int
    mapping_hash: str
    mapping_version: int
    epoch: int
    attempts: int
    retired: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """One subject's state and facts at one moment.

    Attributes:
        subject: whose they are.
        now: the clock of the database when they were read.
        epoch: the epoch at that moment.
        marked: whether a captured change of this subject waits to be followed.
        state: None for a subject that was never migrated.
        facts: every stored fact, also those that do not hold now.

    """

    subject: str
    now: datetime
    epoch: int
    marked: bool
    state: State | None
    facts: tuple[SourcedFact, ...] = field(default=())

    def is_fresh(self, mapping_hash: str) -> bool:
        """Whether the stored facts may decide: migrated, under this mapping, nothing pending."""
        return (
            self.state is not None
            and self.state.status == "migrated"
            and self.state.mapping_hash == mapping_hash
            and self.state.epoch == self.epoch
            and not self.marked
        )


_COLUMNS = """
    asked.value, {now}, {epoch}, {marked},
    s.status, s.generation, s.revision, s.mapping_hash, s.mapping_version, s.epoch, s.attempts,
    s.retired_at, s.reason,
    (SELECT {facts} FROM authmigration_assignment a WHERE a.subject = asked.value)
"""

_SQL = """
    SELECT {columns}
    FROM {asked}
    LEFT JOIN authmigration_subjectstate s ON s.subject = asked.value
"""

_NATIVE = """
    SELECT asked.value,
        (SELECT {facts} FROM authmigration_assignment a
         WHERE a.subject = asked.value AND a.source = %s)
    FROM {asked}
"""

_FACT = """
    a.source, a.role, a.context_type, a.context_id, a.effect, NULLIF(a.valid_from, '{beginning}'),
    a.valid_until, a.id
"""

# What most requests ask for; to the planner a list is a function that may return anything.
_ONE = "(SELECT CAST(%s AS text) AS value) AS asked"

# All facts of a subject in one text: a driver takes much longer for as many rows and columns.
_GATHERED = {
    dialects.POSTGRESQL: "json_agg(json_build_array({fact}))::text",
    dialects.SQLITE: "json_group_array(json_array({fact}))",
}


def load(subjects: Iterable[str], *, using: str) -> dict[str, Loaded]:
    """Read state and facts of some subjects in one statement."""
    connection = connections[using]
    dialect = dialects.of(connection)
    asked = list(subjects)
    one = len(asked) == 1
    with connection.cursor() as cursor:
        cursor.execute(_statement(dialect, one), asked if one else [dialect.array(asked)])
        rows = cursor.fetchall()
    return {row[0]: _loaded(row) for row in rows}


def load_native(subjects: Iterable[str], *, using: str) -> dict[str, tuple[Fact, ...]]:
    """Read the native facts of some subjects alone, for when their state cannot be read."""
    connection = connections[using]
    dialect = dialects.of(connection)
    facts = _gathered(dialect)
    sql = _NATIVE.format(asked=dialect.each_text, facts=facts)
    with connection.cursor() as cursor:
        cursor.execute(sql, [NATIVE, dialect.array(list(subjects))])
        rows = cursor.fetchall()
    return {subject: tuple(each.fact for each in _facts(texts)) for subject, texts in rows}


def _gathered(dialect: dialects.Dialect) -> str:
    return _GATHERED[dialect].format(fact=_FACT.format(beginning=dialect.text(NO_BEGINNING)))


def _facts(texts: str | None) -> tuple[SourcedFact, ...]:
    return tuple([_fact(*fact) for fact in json.loads(texts)]) if texts else ()


@lru_cache(maxsize=4)
def _statement(dialect: dialects.Dialect, one: bool) -> str:  # noqa: FBT001 -- a key of the cache
    columns = _COLUMNS.format(
        now=dialect.now,
        epoch=EPOCH_SQL,
        marked=MARKED_SQL.format(subject="asked.value"),
        facts=_gathered(dialect),
    )
    return _SQL.format(columns=columns, asked=_ONE if one else dialect.each_text)


def _loaded(row: tuple[Any, ...]) -> Loaded:
    subject, at, epoch, marked, *state, facts = row
    now = dialects.moment(at)
    if now is None:
        raise RuntimeError("The database did not say what time it is.")
    return Loaded(subject, now, int(epoch), bool(marked), _state(state), _facts(facts))


def _state(row: Sequence[Any]) -> State | None:
    if row[0] is None:
        return None
    return State(
        status=row[0],
        generation=row[1],
        revision=row[2],
        mapping_hash=row[3],
        mapping_version=row[4],
        epoch=row[5],
        attempts=row[6],
        retired=row[7] is not None,
        reason=row[8],
    )


def _fact(  # noqa: PLR0917 -- the columns of one row
    source: str,
    role: str,
    context_type: str,
    context_id: str,
    effect: str,
    begins: str | None,
    ends: str | None,
    key: int,
) -> SourcedFact:
    where = Context(context_type, context_id)
    since, until = dialects.moment(begins), dialects.moment(ends)
    return SourcedFact(source, Fact(role, where, _EFFECTS[effect], since, until), key)


# Looked up for every fact of every request: calling the enumeration takes several times as long.
_EFFECTS = {effect.value: effect for effect in Effect}
