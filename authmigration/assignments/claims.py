"""Taking a subject for the length of a transaction, and consuming its marks, in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from .. import dialects
from ..errors import Busy
from ..selectors import EPOCH_SQL, State

_LOCK_KEY = "hashtextextended('authmigration/' || value, 0)"

_WAIT = f"SELECT pg_advisory_xact_lock({_LOCK_KEY}) FROM (SELECT %s AS value) asked"  # noqa: S608 -- a constant

_STATE = """
    {now}, {epoch}, s.status, s.generation, s.revision, s.mapping_hash, s.mapping_version,
    s.epoch, s.attempts, s.retired_at, s.reason
"""

# Whoever declares less than a later release cannot follow a change, and must leave its mark.
_LATER = """
    EXISTS (SELECT 1 FROM authmigration_subjectstate s
            WHERE s.subject = {mark}.subject AND s.mapping_version > %s)
"""

_POSTGRESQL = """
    WITH locked AS MATERIALIZED (
        SELECT value FROM {asked} WHERE pg_try_advisory_xact_lock({key})
    ){consumed}
    SELECT locked.value, {state}, set_config(
        'statement_timeout', COALESCE(%s, current_setting('statement_timeout')), true
    )
    FROM locked LEFT JOIN authmigration_subjectstate s ON s.subject = locked.value
"""

_CONSUMED = f"""
    , consumed AS (
        DELETE FROM authmigration_changemark WHERE id IN (
            SELECT m.id FROM authmigration_changemark m JOIN locked ON locked.value = m.subject
            WHERE NOT {_LATER.format(mark="m")} FOR UPDATE OF m SKIP LOCKED
        )
    )
"""  # noqa: S608 -- constants

_SQLITE_CONSUME = """
    DELETE FROM authmigration_changemark
    WHERE subject IN (SELECT value FROM {asked}) AND NOT {later}
"""
_SQLITE_READ = """
    SELECT asked.value, {state}
    FROM {asked} LEFT JOIN authmigration_subjectstate s ON s.subject = asked.value
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """The subjects that this transaction holds, as they stood when their marks were consumed.

    Facts must be read after this: in the other order a change committed between the two would
    have its mark deleted and its fact missed, which is how a committed revoke is lost.
    """

    now: datetime
    epoch: int
    states: dict[str, State | None]


def claim(
    subjects: Iterable[str],
    *,
    using: str,
    version: int,
    wait: bool = False,
    budget: float | None = None,
    marked: bool = True,
) -> Claim:
    """Take those subjects that nobody else holds, inside the caller's transaction.

    Args:
        subjects: whom to take.
        using: the alias of the database.
        version: of the caller's mapping; subjects of a later one keep their marks.
        wait: wait for others instead of leaving out what they hold; for people, never for a
            request that only wants an answer.
        budget: seconds that each later statement of the transaction may take (PostgreSQL).
        marked: False where no mark was seen a moment ago: then none is looked for (PostgreSQL).
            One that has come since stays, and the subject is followed once more.

    Raises:
        Busy: SQLite, where one lock stands for all: another connection writes.

    """
    connection = connections[using]
    wanted = sorted(set(subjects))
    if dialects.of(connection) is dialects.SQLITE:
        return _on_sqlite(connection, wanted, version)
    if wait:
        _wait_for(connection, wanted)
    sql = _POSTGRESQL.format(
        asked=dialects.POSTGRESQL.each_text,
        key=_LOCK_KEY,
        consumed=_CONSUMED if marked else "",
        state=_state(dialects.POSTGRESQL),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [wanted, *([version] if marked else []), _milliseconds(budget)])
        return _claim(cursor.fetchall())


def _milliseconds(budget: float | None) -> str | None:
    return None if budget is None else str(max(1, int(budget * 1000)))


def _state(dialect: dialects.Dialect) -> str:
    return _STATE.format(now=dialect.now, epoch=EPOCH_SQL)


def _wait_for(connection: BaseDatabaseWrapper, wanted: list[str]) -> None:
    # In a statement of its own: the state must be read in a snapshot taken after the lock.
    with connection.cursor() as cursor:
        for subject in wanted:
            cursor.execute(_WAIT, [subject])


def _on_sqlite(connection: BaseDatabaseWrapper, wanted: list[str], version: int) -> Claim:
    # The first statement writes, and so takes the one lock there is before anything is read.
    asked = dialects.SQLITE.each_text
    given = [dialects.SQLITE.array(wanted)]
    consume = _SQLITE_CONSUME.format(
        asked=asked, later=_LATER.format(mark="authmigration_changemark")
    )
    with connection.cursor() as cursor:
        try:
            cursor.execute(consume, [*given, version])
        except OperationalError as error:
            if "locked" in str(error):
                raise Busy("Another connection is writing to this SQLite database.") from error
            raise
        cursor.execute(_SQLITE_READ.format(asked=asked, state=_state(dialects.SQLITE)), given)
        return _claim(cursor.fetchall())


def _claim(rows: list[tuple[Any, ...]]) -> Claim:
    states: dict[str, State | None] = {}
    now, epoch = None, 0
    for subject, at, current_epoch, *state in rows:
        now, epoch = dialects.moment(at), int(current_epoch)
        states[subject] = _state_of(state)
    return Claim(now or datetime.now(UTC), epoch, states)


def _state_of(row: list[Any]) -> State | None:
    if row[0] is None:
        return None
    status, generation, revision, mapping_hash, version, epoch, attempts, retired_at, reason = row[
        :9
    ]
    return State(
        status,
        generation,
        revision,
        mapping_hash,
        version,
        epoch,
        attempts,
        retired_at is not None,
        reason,
    )


@contextmanager
def never_waiting(using: str) -> Iterator[None]:
    """Make SQLite answer at once that it is locked, where it would wait for seconds."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        before = cursor.fetchone()[0]
        cursor.execute("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {int(before)}")
