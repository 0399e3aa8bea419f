"""How the platform opens a SQLite file: readers and one writer side by side."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


def use_write_ahead_log(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Receiver of `connection_created`: switch SQLite to WAL with `synchronous=NORMAL`.

    A receiver and not the option `init_command`, which Django knows only since 5.1.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=NORMAL")
