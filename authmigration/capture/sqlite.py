"""Row triggers on SQLite, three for each table."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from ..models import ChangeMark
from .plans import Leftover, Plan, TableState
from .sqlite_sql import triggers
from .tables import PREFIX, CapturedTable

MARKER = PREFIX + "marker"
"""A trigger on the log that never does anything. SQLite drops the triggers of a table that it
rebuilds, which a migration may do to every watched table at once; this one tells afterwards that
there were some."""

FOUND = r"""
SELECT name, tbl_name, sql FROM sqlite_master
WHERE type = 'trigger' AND name LIKE 'authz\_capture\_%' ESCAPE '\' ORDER BY name
"""


class SqliteEngine:
    """Installs on SQLite."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.quote = connection.ops.quote_name

    def begin(self, lock_timeout: float) -> None:
        """Do nothing: SQLite has one writer, and the connection's ``timeout`` bounds the wait."""

    def plans(self, tables: Collection[CapturedTable]) -> list[Plan]:
        """Compare what tables need with what they have."""
        found: dict[str, dict[str, str]] = {}
        for name, _, sql in self._found():
            found.setdefault(name.rpartition("_")[0], {})[name] = sql
        return [self._plan(table, found.get(table.capture_name, {})) for table in tables]

    def leftovers(self, wanted: frozenset[str]) -> tuple[Leftover, ...]:
        """Return the triggers under other names than the wanted ones, the marker apart."""
        found = [(name.rpartition("_")[0], name, table) for name, table, _ in self._found()]
        names = dict.fromkeys(own for own, name, _ in found if name != MARKER)
        return tuple(
            Leftover(
                table=next(table for other, _, table in found if other == own),
                name=own,
                triggers=tuple(name for other, name, _ in found if other == own),
                statements=tuple(self._drop(name) for other, name, _ in found if other == own),
            )
            for own in names
            if own not in wanted
        )

    def present(self) -> bool:
        """Whether any trigger of ours exists, the marker included."""
        return bool(self._found())

    def mark(self) -> None:
        """Create the marker."""
        marks = self.quote(ChangeMark._meta.db_table)
        self._rows(
            f"CREATE TRIGGER IF NOT EXISTS {self.quote(MARKER)} "
            f"AFTER UPDATE OF {self.quote('id')} ON {marks} WHEN 0 BEGIN SELECT 1; END"
        )

    def unmark(self) -> None:
        """Drop the marker."""
        self._rows(f"DROP TRIGGER IF EXISTS {self.quote(MARKER)}")

    def is_lock_timeout(self, error: Exception) -> bool:
        """Whether an error is SQLITE_BUSY or SQLITE_LOCKED."""
        return "is locked" in str(error)

    def _plan(self, table: CapturedTable, there: dict[str, str]) -> Plan:
        if reason := self._absent(table):
            return Plan(table, TableState.MISSING, tuple(there), reason=reason)
        if reason := self._unsupported(table):
            return Plan(table, TableState.UNSUPPORTED, tuple(there), reason=reason)
        wanted = dict(self._wanted(table))
        if wanted == there:
            return Plan(table, TableState.INSTALLED, tuple(there))
        statements = (*map(self._drop, there), *wanted.values())
        state = TableState.OUTDATED if there else TableState.MISSING
        return Plan(table, state, tuple(there), statements)

    def _wanted(self, table: CapturedTable) -> Iterator[tuple[str, str]]:
        # Without USE_TZ Django keeps local time.
        zone = "'now'" if settings.USE_TZ else "'now', 'localtime'"
        moment = f"strftime('%Y-%m-%d %H:%M:%f000', {zone})"
        return triggers(table, self.quote(ChangeMark._meta.db_table), moment, self.quote)

    def _drop(self, name: str) -> str:
        return f"DROP TRIGGER IF EXISTS {self.quote(name)}"

    def _absent(self, table: CapturedTable) -> str:
        wanted = (*table.needs, (ChangeMark._meta.db_table, "id"))
        there = {name: self._columns(name) for name in dict(wanted)}
        for name, column in wanted:
            if not there[name]:
                return f"There is no table {name}; run migrate."
            if column.lower() not in there[name]:
                return f"The table {name} has no column {column}; run migrate."
        return ""

    def _unsupported(self, table: CapturedTable) -> str:
        found = self._rows(
            "SELECT type, sql FROM sqlite_master WHERE name = %s COLLATE NOCASE", [table.name]
        )
        kind, sql = found[0] if found else ("table", "")
        if kind == "table" and not str(sql).upper().startswith("CREATE VIRTUAL"):
            return ""
        return (
            f"{table.name} is a view or a virtual table, which no trigger watches. Watch the "
            "tables beneath it."
        )

    def _columns(self, table: str) -> set[str]:
        rows = self._rows("SELECT name FROM pragma_table_xinfo(%s)", [table])
        return {str(name).lower() for (name,) in rows}

    def _found(self) -> list[tuple[Any, ...]]:
        return self._rows(FOUND)

    def _rows(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return list(cursor.fetchall())
