"""Puts the triggers in place, and takes them away."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from django.db import OperationalError, connections, transaction

from .. import registry
from ..errors import AuthMigrationError, DeclarationError
from .engines import alias_of, engine_for, plans_of
from .epochs import raise_epoch
from .plans import Engine, Leftover, Plan, TableState
from .state import forget
from .tables import CapturedTable, captured_tables

Outcome = TypeVar("Outcome")

SOURCE = "capture"
"""What the marks of an installation name as their source."""

PAUSE_SECONDS = 0.5
"""How long to leave a busy table alone after the first attempt; twice that after the second."""


class TableBusy(AuthMigrationError):
    """A table was in use for so long that its triggers could not be put in place.

    Attributes:
        table: its name.

    """

    code = "table_busy"

    def __init__(self, table: str, attempts: int) -> None:
        self.table = table
        super().__init__(
            f"{table} was locked by others at {attempts} attempts, so its triggers are as they "
            "were. End the long transactions on it (pg_stat_activity shows them), or wait longer "
            "with lock_timeout= and attempts=, and install again; what is done stays done."
        )


@dataclass(frozen=True, slots=True)
class InstallReport:
    """What was done, by the names of the tables.

    Attributes:
        installed: had no triggers before.
        replaced: had other ones.
        unchanged: had the right ones.
        removed: had triggers that nobody asks for any more.
        skipped: can have none, or do not exist in the database yet.

    """

    installed: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything was done at all."""
        return bool(self.installed or self.replaced or self.removed)


def install(
    using: str | None = None, *, lock_timeout: float = 2.0, attempts: int = 5
) -> InstallReport:
    """Put the triggers of every watched table in place; those that are right stay as they are.

    Each table has a transaction of its own, which waits for the table's writers (and holds up
    new ones, on PostgreSQL) no longer than ``lock_timeout``, and which raises the epoch, since
    what was written before went unseen.

    Args:
        using: the alias of the database; that of the users by default.
        lock_timeout: seconds to wait for one table. More than PostgreSQL's ``deadlock_timeout``
            (one second), after which an autovacuum gives way. On SQLite the ``timeout`` of the
            connection counts instead.
        attempts: how often each table is tried.

    Raises:
        DeclarationError: a watched table is a view, or does not exist; nothing was installed.
        TableBusy: a table was in use throughout; those before it are installed.
        UnsupportedDatabase: there are no triggers for this engine.

    """
    alias = alias_of(using)
    engine = engine_for(alias)
    tables = captured_tables(registry.get().watches)
    problems = [plan.reason for plan in plans_of(engine, tables, alias) if plan.reason]
    if problems:
        raise DeclarationError(problems)
    return Installer(engine, alias, lock_timeout, attempts).install(tables)


def remove(
    using: str | None = None, *, lock_timeout: float = 2.0, attempts: int = 5
) -> InstallReport:
    """Take every trigger of ours away; see :func:`install` for the arguments.

    Raises:
        TableBusy: a table was in use throughout.
        UnsupportedDatabase: there are no triggers for this engine.

    """
    alias = alias_of(using)
    return Installer(engine_for(alias), alias, lock_timeout, attempts).remove()


@dataclass(frozen=True, slots=True)
class Installer:
    """Works on one database, with patience: seconds to wait for a lock, and how often."""

    engine: Engine
    alias: str
    lock_timeout: float = 2.0
    attempts: int = 5

    def install(self, tables: Iterable[CapturedTable]) -> InstallReport:
        """Install what can be installed, and remove what no table of these asks for.

        Raises:
            TableBusy: see :func:`authmigration.capture.install`.

        """
        tables = tuple(tables)
        try:
            plans = plans_of(self.engine, tables, self.alias)
            states = {plan.table.name: self._settle(plan) for plan in plans}
            removed = self.drop_others(frozenset(table.capture_name for table in tables))
        finally:
            forget(self.alias)
        names = {
            state: tuple(name for name, found in states.items() if found is state)
            for state in TableState
        }
        return InstallReport(
            installed=names[TableState.MISSING],
            replaced=names[TableState.OUTDATED],
            unchanged=names[TableState.INSTALLED],
            removed=removed,
            skipped=names[TableState.UNSUPPORTED],
        )

    def remove(self) -> InstallReport:
        """Remove everything.

        Raises:
            TableBusy: see :func:`authmigration.capture.install`.

        """
        try:
            removed = self.drop_others(frozenset())
            self._patiently("the log of changes", self.engine.unmark)
        finally:
            forget(self.alias)
        return InstallReport(removed=removed)

    def drop_others(self, wanted: frozenset[str]) -> tuple[str, ...]:
        """Drop all triggers but those of these names; return the tables that bore them."""
        leftovers = self.engine.leftovers(wanted)
        for leftover in leftovers:
            self._patiently(leftover.table, partial(self._drop, leftover))
        return tuple(leftover.table or leftover.name for leftover in leftovers)

    def _settle(self, plan: Plan) -> TableState:
        if plan.state is TableState.INSTALLED:
            return plan.state
        return self._patiently(plan.table.name, partial(self._put, plan.table))

    def _put(self, table: CapturedTable) -> TableState:
        # Asked again now that nobody else is installing.
        (plan,) = plans_of(self.engine, (table,), self.alias)
        if plan.statements:
            self._execute(plan.statements)
            self.engine.mark()
            raise_epoch(self.alias, SOURCE)
            return plan.state
        installed = plan.state is TableState.INSTALLED
        return TableState.INSTALLED if installed else TableState.UNSUPPORTED

    def _drop(self, leftover: Leftover) -> None:
        self._execute(leftover.statements)

    def _execute(self, statements: Iterable[str]) -> None:
        with connections[self.alias].cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def _patiently(self, table: str, work: Callable[[], Outcome]) -> Outcome:
        """Do something in a transaction of its own, again and again while the table is locked."""
        for attempt in range(1, self.attempts + 1):
            try:
                with transaction.atomic(using=self.alias, durable=True):
                    self.engine.begin(self.lock_timeout)
                    return work()
            except OperationalError as error:
                if not self.engine.is_lock_timeout(error):
                    raise
                if attempt == self.attempts:
                    raise TableBusy(table, attempt) from error
            time.sleep(PAUSE_SECONDS * attempt)
        raise ValueError(f"attempts={self.attempts}; at least one is needed.")
