"""Which engine a database has."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from .. import conf
from ..errors import UnsupportedDatabase
from .plans import Engine, Plan, TableState
from .postgres import PostgresEngine
from .sqlite import SqliteEngine
from .tables import CapturedTable

ENGINES: dict[str, Callable[[BaseDatabaseWrapper], Engine]] = {
    "postgresql": PostgresEngine,
    "sqlite": SqliteEngine,
}


def alias_of(using: str | None) -> str:
    """Return the alias of the database that holds users and marks, or the one that is given."""
    return conf.get().database if using is None else using


def engine_for(alias: str) -> Engine:
    """Return the engine of a database.

    Raises:
        UnsupportedDatabase: there are no triggers for it.

    """
    connection: BaseDatabaseWrapper = connections[alias]
    engine = ENGINES.get(connection.vendor)
    if engine is None:
        raise UnsupportedDatabase(no_triggers(alias))
    return engine(connection)


def no_triggers(alias: str) -> str:
    """Return the sentence for a database without triggers of ours."""
    return (
        f"The database {alias!r} is {connections[alias].vendor}, for which there are no capture "
        f"triggers; there are some for {' and '.join(sorted(ENGINES))}. Stay at stage shadow and "
        "let the reconciler find what changed."
    )


def plan_of(engine: Engine | None, table: CapturedTable, alias: str) -> Plan:
    """Compare what a table needs with what it has, on any database.

    Args:
        engine: that of the database; None where there is none.
        table: what is watched.
        alias: the database.

    """
    if engine is None:
        return Plan(table, TableState.UNSUPPORTED, reason=no_triggers(alias))
    home = router.db_for_write(table.model) if router.routers else alias
    if home != alias:
        return Plan(
            table,
            TableState.UNSUPPORTED,
            reason=(
                f"{table.name} lives in the database {home!r}, and a trigger cannot write its "
                f"marks into {alias!r}; the reconciler finds what changed."
            ),
        )
    return engine.plan(table)
