"""Which engine a database has."""

from __future__ import annotations

from collections.abc import Callable, Collection

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


def plans_of(engine: Engine | None, tables: Collection[CapturedTable], alias: str) -> list[Plan]:
    """Compare what tables need with what they have, on any database.

    Args:
        engine: that of the database; None where there is none.
        tables: what is watched.
        alias: the database.

    """
    elsewhere = {t.name: reason for t in tables if (reason := _why_not(engine, t, alias))}
    here = [table for table in tables if table.name not in elsewhere]
    plans = {plan.table.name: plan for plan in engine.plans(here)} if engine and here else {}
    return [
        plans.get(table.name) or Plan(table, TableState.UNSUPPORTED, reason=elsewhere[table.name])
        for table in tables
    ]


def _why_not(engine: Engine | None, table: CapturedTable, alias: str) -> str:
    if engine is None:
        return no_triggers(alias)
    home = router.db_for_write(table.model) if router.routers else alias
    if home == alias:
        return ""
    return (
        f"{table.name} lives in the database {home!r}, and a trigger cannot write its marks into "
        f"{alias!r}; the reconciler finds what changed."
    )
