"""Databases of a host that has never heard of the toolkit, and everything that is in them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

MIGRATIONS = "django_migrations"
"""Where Django remembers what it did and undid; its numbers go on."""

POSTGRES_SCHEMA = """
SELECT 'column', table_name, column_name, data_type, is_nullable, column_default
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'index', tablename, indexname, indexdef, '', '' FROM pg_indexes
  WHERE schemaname = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', ''
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, '', '', '' FROM pg_trigger
  WHERE NOT tgisinternal
UNION ALL SELECT 'function', '', proname, prosrc, '', '' FROM pg_proc
  WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'sequence', '', sequencename, '', '', '' FROM pg_sequences
ORDER BY 1, 2, 3
"""
POSTGRES_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
SQLITE_SCHEMA = "SELECT type, tbl_name, name, sql FROM sqlite_master ORDER BY name"
SQLITE_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"


class SqliteHost:
    """A database in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.url = f"sqlite:///{path}"

    def contents(self) -> tuple[list, dict]:
        """Return the schema, and the rows of each table."""
        with closing(sqlite3.connect(self.path)) as connection:
            schema, rows = read(connection.execute, SQLITE_SCHEMA, SQLITE_TABLES)
        # What SQLite keeps for itself comes with the first counted key and stays.
        rows.pop("sqlite_sequence", None)
        return [row for row in schema if not row[2].startswith("sqlite_")], rows


class PostgresHost:
    """A database of a server, dropped at the end."""

    def __init__(self, server: str, name: str) -> None:
        # The one database that every server has; the named one may exist only while tests run.
        self.server = urlsplit(server)._replace(path="/postgres").geturl()
        self.name = name
        self.url = urlsplit(server)._replace(path=f"/{name}").geturl()

    @contextmanager
    def existing(self) -> Iterator["PostgresHost"]:
        """Make the database, and drop it afterwards."""
        import psycopg

        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{self.name}"')
            try:
                yield self
            finally:
                connection.execute(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def contents(self) -> tuple[list, dict]:
        """Return the schema, and the rows of each table."""
        import psycopg

        with psycopg.connect(self.url) as connection:
            return read(connection.execute, POSTGRES_SCHEMA, POSTGRES_TABLES)


def read(execute, schema: str, tables: str) -> tuple[list, dict]:
    names = [name for (name,) in execute(tables).fetchall() if name != MIGRATIONS]
    rows = {name: sorted(map(repr, execute(f'SELECT * FROM "{name}"'))) for name in names}
    return execute(schema).fetchall(), rows
