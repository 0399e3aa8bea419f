"""Taking over what the platform exports: ``python -m services.gradebook.loading FILE``.

The file is JSON, a row a line: ``{"course": {...}}``, ``{"student": {...}}``, ``{"exercise":
{...}}``, ``{"grade": {...}}``, and ``{"end": <number of rows>}`` at its end.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from . import database
from .settings import SettingError, from_environment

COLUMNS = {
    "course": ("id", "school", "code", "title"),
    "student": ("id", "name"),
    "exercise": ("id", "course", "title"),
    "grade": ("id", "exercise", "student", "points", "comment"),
}

UPSERTS = {
    "course": (
        "INSERT INTO course (id, school, code, title) VALUES (?, ?, ?, ?) ON CONFLICT (id)"
        " DO UPDATE SET school = excluded.school, code = excluded.code, title = excluded.title"
    ),
    "student": (
        "INSERT INTO student (id, name) VALUES (?, ?) ON CONFLICT (id)"
        " DO UPDATE SET name = excluded.name"
    ),
    "exercise": (
        "INSERT INTO exercise (id, course, title) VALUES (?, ?, ?) ON CONFLICT (id)"
        " DO UPDATE SET course = excluded.course, title = excluded.title"
    ),
    "grade": (
        "INSERT INTO grade (id, exercise, student, points, comment) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET exercise = excluded.exercise,"
        " student = excluded.student, points = excluded.points, comment = excluded.comment"
        " WHERE NOT changed_here"
    ),
}
# In this order: what points to others goes before them.
REMOVALS = {
    "grade": (
        "DELETE FROM grade WHERE NOT changed_here"
        " AND id NOT IN (SELECT id FROM seen WHERE kind = 'grade')"
    ),
    "exercise": (
        "DELETE FROM exercise WHERE id NOT IN (SELECT id FROM seen WHERE kind = 'exercise')"
        " AND id NOT IN (SELECT exercise FROM grade)"
    ),
    "student": (
        "DELETE FROM student WHERE id NOT IN (SELECT id FROM seen WHERE kind = 'student')"
        " AND id NOT IN (SELECT student FROM grade)"
    ),
    "course": (
        "DELETE FROM course WHERE id NOT IN (SELECT id FROM seen WHERE kind = 'course')"
        " AND id NOT IN (SELECT course FROM exercise)"
    ),
}


class LoadError(Exception):
    """The file cannot be taken over; nothing was changed. The text names the line."""


class Loaded(NamedTuple):
    """What was taken over.

    Attributes:
        rows: that the file holds.
        kept: grades that were changed here, and so were left as they are.
        removed: grades that the platform has no more.

    """

    rows: int
    kept: int
    removed: int


def load(connection: sqlite3.Connection, lines: Iterable[str]) -> Loaded:
    """Make the database hold what the lines say, and what was changed here.

    Repeating it changes nothing. A grade that was changed here is neither overwritten nor
    removed, so that the platform can go on exporting until this service is the only writer.

    Raises:
        LoadError: a line cannot be read, or the file ends before its end.

    """
    with database.writing(connection):
        # Names the rows of this file; what else is there was not in it.
        connection.execute("CREATE TEMP TABLE seen (kind TEXT, id TEXT, PRIMARY KEY (kind, id))")
        try:
            rows = _take(connection, _rows(lines))
            removed = {kind: connection.execute(sql).rowcount for kind, sql in REMOVALS.items()}
            changed = connection.execute("SELECT count(*) FROM grade WHERE changed_here")
            (kept,) = changed.fetchone()
        finally:
            connection.execute("DROP TABLE seen")
    return Loaded(rows, kept, removed["grade"])


def _rows(lines: Iterable[str]) -> Iterator[tuple[str, list[Any]]]:
    number, ended = 0, False
    for number, line in enumerate(lines, 1):
        if ended:
            raise LoadError(f"Line {number} stands behind the end.")
        kind, row = _read(number, line)
        if kind == "end":
            if row != number - 1:
                raise LoadError(f"The end speaks of {row} rows, and {number - 1} were there.")
            ended = True
        else:
            yield kind, [row[column] for column in COLUMNS[kind]]
    if not ended:
        raise LoadError(f"The file breaks off after line {number}: export it again.")


def _read(number: int, line: str) -> tuple[str, Any]:
    try:
        ((kind, row),) = json.loads(line).items()
    except (ValueError, AttributeError):
        raise LoadError(f"Line {number} is not one object with one name.") from None
    if kind == "end":
        return kind, row
    columns = COLUMNS.get(kind)
    if columns is None or not isinstance(row, dict) or set(row) != set(columns):
        raise LoadError(f"Line {number} is no row of {', '.join(COLUMNS)} with all its columns.")
    return kind, row


def _take(connection: sqlite3.Connection, rows: Iterable[tuple[str, list[Any]]]) -> int:
    count = 0
    for count, (kind, row) in enumerate(rows, 1):
        try:
            connection.execute(UPSERTS[kind], row)
        except sqlite3.Error as error:
            raise LoadError(f"Line {count}: {error}.") from error
        connection.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", [kind, row[0]])
    return count


def main(arguments: list[str]) -> int:
    """Load the file that is named and say what came of it."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m services.gradebook.loading FILE\n")
        return 2
    try:
        settings = from_environment()
        database.prepare(settings.database)
        path = Path(arguments[0])
        with path.open(encoding="utf-8") as file, database.opened(settings.database) as connection:
            found = load(connection, file)
    except (SettingError, LoadError, OSError, UnicodeDecodeError, sqlite3.Error) as error:
        sys.stderr.write(f"Nothing was loaded: {error}\n")
        return 1
    sys.stdout.write(
        f"{found.rows:,} rows loaded; {found.kept:,} grades changed here were kept, "
        f"{found.removed:,} removed.\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
