"""A database connection of our own, outside whatever transaction the caller is in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from .errors import OwnConnectionImpossible

#: Seconds; the smallest that PostgreSQL's client keeps to.
CONNECT = 2
#: Seconds that one statement, or waiting for SQLite's lock, may take.
STATEMENT = 1


@contextmanager
def own_connection(alias: str = "default") -> Iterator[BaseDatabaseWrapper]:
    """Open a connection in autocommit for a moment, outside the caller's transaction.

    What is written on it stays when the caller rolls back, and it sees what others have committed
    although the caller's transaction is older, or broken. Use its ``cursor()``; the ORM does not
    know it.

    Args:
        alias: of DATABASES.

    Raises:
        OwnConnectionImpossible: the database lives in memory, inside the caller's connection.

    """
    connection = open_connection(alias)
    try:
        yield connection
    finally:
        connection.close()


def open_connection(alias: str) -> BaseDatabaseWrapper:
    """Return a connection that no thread owns; whoever opens it closes it.

    It gives up soon: two seconds to connect, and on SQLite one second for a lock.

    Raises:
        OwnConnectionImpossible: the database lives in memory, inside the caller's connection.

    """
    callers = connections[alias]
    if in_memory(callers):
        raise OwnConnectionImpossible(
            f"The database {alias!r} lives in memory, where a second connection sees nothing: "
            "use a file, or FEATURE_FLAGS = {'CONNECTION': 'caller'}."
        )
    connection = callers.copy()
    connection.settings_dict.update(_impatient(connection))
    connection.inc_thread_sharing()
    return connection


def in_memory(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether the database exists only inside this connection."""
    return connection.vendor == "sqlite" and connection.is_in_memory_db()  # type: ignore[attr-defined]


def _impatient(connection: BaseDatabaseWrapper) -> dict[str, Any]:
    given = connection.settings_dict
    # A pool would hand our transaction's settings on to the host.
    options = {key: value for key, value in given["OPTIONS"].items() if key != "pool"}
    if connection.vendor == "postgresql":
        patience = {"connect_timeout": CONNECT, "tcp_user_timeout": CONNECT * 1_000}
        return {"OPTIONS": {**options, **patience}}
    if connection.vendor == "mysql":
        patience = {"connect_timeout": CONNECT, "read_timeout": CONNECT}
        return {"OPTIONS": {**options, **patience, "isolation_level": "repeatable read"}}
    if connection.vendor == "sqlite":
        options.pop("transaction_mode", None)  # a reader never begins with a write lock
        return {"OPTIONS": {**options, "timeout": STATEMENT}, "NAME": _existing(given["NAME"])}
    return {"OPTIONS": options}


def _existing(name: Any) -> str:
    # SQLite makes an empty database where none is, and an empty one answers "no flags at all".
    text = str(name)
    return text if text.startswith("file:") else f"{Path(text).resolve().as_uri()}?mode=rw"
