"""Statement triggers on PostgreSQL: one function for each table, and four triggers on it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from django.db.backends.base.base import BaseDatabaseWrapper

from ..models import ChangeMark
from .plans import Leftover, Plan, TableState
from .postgres_catalogue import Catalogue, FoundFunction, Relation
from .postgres_definition import Definition
from .postgres_tables import absent, unsupported
from .tables import PREFIX, CapturedTable

LOCK_KEY = 0x617574687A
"""The advisory lock that lets one process install at a time."""

LOCK_ERRORS = {"55P03", "40P01"}
"""``lock_not_available`` and ``deadlock_detected``."""


class PostgresEngine:
    """Installs on PostgreSQL."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.catalogue = Catalogue(connection)
        self.quote = connection.ops.quote_name

    def begin(self, lock_timeout: float) -> None:
        """Bound the waits of this transaction, and wait for another installing process."""
        milliseconds = f"{lock_timeout * 1000:.0f}ms"
        self.catalogue.rows("SELECT set_config('lock_timeout', %s, true)", [milliseconds])
        self.catalogue.rows("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])

    def plans(self, tables: Collection[CapturedTable]) -> list[Plan]:
        """Compare what tables need with what they have, in two queries however many they are."""
        names = {ChangeMark._meta.db_table}
        names.update(name for table in tables for name, _ in table.needs)
        relations = self.catalogue.relations(names)
        found = {function.name: function for function in self.catalogue.functions(PREFIX)}
        return [self._plan(table, relations, found.get(table.capture_name)) for table in tables]

    def leftovers(self, wanted: frozenset[str]) -> tuple[Leftover, ...]:
        """Return the functions under other names than the wanted ones, with their triggers."""
        found = self.catalogue.functions(PREFIX)
        return tuple(self._leftover(each) for each in found if each.name not in wanted)

    def present(self) -> bool:
        """Whether a function of ours exists: it outlives the table that it was made for."""
        return any(self.catalogue.functions(PREFIX))

    def mark(self) -> None:
        """Do nothing: see :meth:`present`."""

    def unmark(self) -> None:
        """Do nothing: see :meth:`present`."""

    def is_lock_timeout(self, error: Exception) -> bool:
        """Whether an error means that a wait for a lock was given up."""
        cause = error.__cause__
        state = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None)
        return state in LOCK_ERRORS

    def _plan(
        self,
        table: CapturedTable,
        relations: Mapping[str, Relation],
        function: FoundFunction | None,
    ) -> Plan:
        there = tuple(trigger.name for trigger in function.triggers) if function else ()
        if reason := absent(table, relations):
            return Plan(table, TableState.MISSING, there, reason=reason)
        if reason := unsupported(table, relations):
            return Plan(table, TableState.UNSUPPORTED, there, reason=reason)
        statements = tuple(self._statements(Definition(table, relations, self.quote), function))
        if not statements:
            return Plan(table, TableState.INSTALLED, there)
        state = TableState.OUTDATED if there else TableState.MISSING
        return Plan(table, state, there, statements)

    def _statements(self, wanted: Definition, found: FoundFunction | None) -> Iterator[str]:
        there = found.triggers if found else ()
        right = {trigger.name for trigger in there if wanted.is_right(trigger)}
        wrong = [trigger for trigger in there if not wanted.is_right(trigger)]
        lacking = [name for name in wanted.triggers if name not in right]
        current = found is not None and wanted.is_current(found)
        if current and not wrong and not lacking:
            return
        # Whoever is writing now runs the old function, or none; what it changes must be
        # committed before the mark that says so.
        yield f"LOCK TABLE {wanted.table} IN SHARE ROW EXCLUSIVE MODE"
        if not current:
            yield from wanted.create_function()
        yield from (f"DROP TRIGGER {self.quote(each.name)} ON {each.table}" for each in wrong)
        yield from (wanted.triggers[name] for name in lacking)

    def _leftover(self, function: FoundFunction) -> Leftover:
        there = function.triggers
        return Leftover(
            table=", ".join(sorted({trigger.table for trigger in there})),
            name=function.name,
            triggers=tuple(trigger.name for trigger in there),
            statements=(
                *(f"DROP TRIGGER {self.quote(each.name)} ON {each.table}" for each in there),
                f"DROP FUNCTION {function.signature}",
            ),
        )
