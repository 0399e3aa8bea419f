"""The few places where SQL differs between database engines, by the name of the engine."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import InterfaceError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from .errors import UnsupportedDatabase

NO_BEGINNING = datetime.fromtimestamp(0, UTC)
"""How a fact without a beginning is stored, since NULL would defeat the unique key."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one engine says what the statements of the toolkit need.

    Attributes:
        vendor: Django's name for the engine.
        among: a condition that a column is in the list given as one parameter.
        each_text: a table of the texts in the list given as one parameter, as column ``value``.
        now: the moment of the statement on the clock of the database.
        true, false: a boolean as text, as ``CAST`` renders it.

    """

    vendor: str
    among: str
    each_text: str
    now: str
    true: str
    false: str

    def array(self, values: Iterable[Any]) -> Any:
        """Return a list as the one parameter that ``among`` and ``each_text`` take."""
        found = list(values)
        return found if self.vendor == "postgresql" else json.dumps(found, default=str)

    def rows(self, columns: Mapping[str, str], alias: str) -> str:
        """Return a table of the objects in the JSON list given as one parameter.

        Args:
            columns: the name of each column and its type on PostgreSQL.
            alias: what the table is called in the statement.

        """
        if self.vendor == "postgresql":
            typed = ", ".join(f"{name} {type_}" for name, type_ in columns.items())
            return f"jsonb_to_recordset(%s::jsonb) AS {alias}({typed})"
        read = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in columns)
        return f"(SELECT {read} FROM json_each(%s)) AS {alias}"  # noqa: S608 -- names of columns

    def text(self, at: datetime) -> str:
        """Return a moment as the text in which the engine stores or reads it."""
        if self.vendor == "postgresql":
            return at.isoformat()
        return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


POSTGRESQL = Dialect(
    vendor="postgresql",
    among="{column} = ANY(%s)",
    each_text="unnest(%s::text[]) AS asked(value)",
    now="clock_timestamp()",
    true="true",
    false="false",
)
SQLITE = Dialect(
    vendor="sqlite",
    among="{column} IN (SELECT value FROM json_each(%s))",
    each_text="json_each(%s) AS asked",
    now="strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')",
    true="1",
    false="0",
)
_BY_VENDOR = {dialect.vendor: dialect for dialect in (POSTGRESQL, SQLITE)}


def of(connection: BaseDatabaseWrapper) -> Dialect:
    """Return the dialect of a connection.

    Raises:
        UnsupportedDatabase: nothing here was written and tested for that engine.

    """
    try:
        return _BY_VENDOR[connection.vendor]
    except KeyError:
        raise UnsupportedDatabase(
            f"authmigration has no statements for {connection.display_name}. Use PostgreSQL or "
            "SQLite for the database named by AUTHMIGRATION['DATABASE']."
        ) from None


def moment(value: Any) -> datetime | None:
    """Return a point in time as a driver gives it, aware and in UTC.

    A text without a zone is SQLite's, as the toolkit writes it: in UTC. A value without one is
    PostgreSQL's under ``USE_TZ = False``: Django lets its connections speak the platform's time.
    """
    if value is None:
        return None
    if isinstance(value, str):
        found = datetime.fromisoformat(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    aware = timezone.make_aware(value) if timezone.is_naive(value) else value
    return aware.astimezone(UTC)


_PASSING_CLASSES = {"08", "40", "53", "57"}
"""Of PostgreSQL's errors: connection, rollback, resources and intervention, timeouts included."""
_LOCK_NOT_AVAILABLE = "55P03"


def is_passing(error: BaseException) -> bool:
    """Whether an error is one of the moment, as a timeout or a lock, and so nobody's own fault."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    cause = error.__cause__
    if isinstance(cause, sqlite3.Error):
        return "locked" in str(cause)
    state = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None)
    return state is None or state[:2] in _PASSING_CLASSES or state == _LOCK_NOT_AVAILABLE
