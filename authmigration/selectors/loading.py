"""Everything that a decision needs to know of some subjects, in one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connections

from auth_lib import Context, Effect, Fact

from .. import dialects
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
    a.source, a.role, a.context_type, a.context_id, a.effect, a.valid_from, a.valid_until, a.id
"""

_SQL = """
    SELECT {columns}
    FROM {asked}
    LEFT JOIN authmigration_subjectstate s ON s.subject = asked.value
    LEFT JOIN authmigration_assignment a ON a.subject = asked.value
"""


def load(subjects: Iterable[str], *, using: str) -> dict[str, Loaded]:
    """Read state and facts of some subjects in one statement."""
    connection = connections[using]
    dialect = dialects.of(connection)
    with connection.cursor() as cursor:
        cursor.execute(_statement(dialect), [dialect.array(subjects)])
        rows = cursor.fetchall()
    return _folded(rows)


def _statement(dialect: dialects.Dialect) -> str:
    columns = _COLUMNS.format(
        now=dialect.now, epoch=EPOCH_SQL, marked=MARKED_SQL.format(subject="asked.value")
    )
    return _SQL.format(columns=columns, asked=dialect.each_text)


def _folded(rows: Iterable[tuple[Any, ...]]) -> dict[str, Loaded]:
    first: dict[str, tuple[Any, ...]] = {}
    facts: dict[str, list[SourcedFact]] = {}
    for row in rows:
        first.setdefault(row[0], row)
        if row[13] is not None:
            facts.setdefault(row[0], []).append(_fact(row[13:]))
    return {
        subject: _loaded(subject, row, tuple(facts.get(subject, ())))
        for subject, row in first.items()
    }


def _loaded(subject: str, row: tuple[Any, ...], facts: tuple[SourcedFact, ...]) -> Loaded:
    now = dialects.moment(row[1])
    if now is None:
        raise RuntimeError("The database did not say what time it is.")
    return Loaded(subject, now, int(row[2]), bool(row[3]), _state(row[4:13]), facts)


def _state(row: tuple[Any, ...]) -> State | None:
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


def _fact(row: tuple[Any, ...]) -> SourcedFact:
    source, role, context_type, context_id, effect, valid_from, valid_until, key = row
    begins = dialects.moment(valid_from)
    fact = Fact(
        role,
        Context(context_type, context_id),
        Effect(effect),
        None if begins is None or begins == NO_BEGINNING else begins,
        dialects.moment(valid_until),
    )
    return SourcedFact(source, fact, key)


NO_BEGINNING = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
"""How a fact without a beginning is stored, since NULL would defeat the unique key."""
