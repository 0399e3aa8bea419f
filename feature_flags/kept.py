"""The connection that a process keeps for reading flags."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.core import mail
from django.db import Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from .connections import open_connection
from .content import Content
from .reading import consistent, read_content


class KeptConnection:
    """One connection, opened when first needed and again after a failure.

    It has no lock: whoever reads holds the store's.
    """

    def __init__(self) -> None:
        self._connection: BaseDatabaseWrapper | None = None
        self._database: object = None

    def read(self, alias: str) -> Content:
        """Read all rows.

        Raises:
            django.db.Error: the database cannot be read, also over a new connection.

        """
        if self._connection is not None and self._database == _database(alias):
            # A server drops idle connections without a word: that is no failure yet.
            with suppress(Error), self._closed_on_error(alias) as connection:
                return _read(connection)
        with self._closed_on_error(alias) as connection:
            return _read(connection)

    def close(self) -> None:
        """Close what is open."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Error):
                connection.close()

    @contextmanager
    def _closed_on_error(self, alias: str) -> Iterator[BaseDatabaseWrapper]:
        if self._connection is None or self._database != _database(alias):
            self.close()
            self._connection, self._database = open_connection(alias), _database(alias)
        try:
            yield self._connection
        except BaseException:
            self.close()
            raise
        if not _may_stay_open():
            self.close()


def _read(connection: BaseDatabaseWrapper) -> Content:
    with consistent(connection):
        return read_content(connection)


def _database(alias: str) -> object:
    settings = connections[alias].settings_dict
    return alias, settings["HOST"], settings["PORT"], str(settings["NAME"])


def _may_stay_open() -> bool:
    # Django's test environment leaves this mark. A test database is dropped at the end, which
    # PostgreSQL refuses while anybody is connected.
    return not hasattr(mail, "outbox")
