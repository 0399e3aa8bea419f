"""The service's own SQLite file: courses with their school, exercises, students, grades."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

# Ids are text, as in tokens; those of the platform are taken over as they are.
SCHEMA = """
CREATE TABLE IF NOT EXISTS course (
    id TEXT PRIMARY KEY,
    school TEXT NOT NULL,
    code TEXT NOT NULL,
    title TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS course_school ON course (school);
CREATE TABLE IF NOT EXISTS student (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS exercise (
    id TEXT PRIMARY KEY,
    course TEXT NOT NULL REFERENCES course (id),
    title TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS exercise_course ON exercise (course);
CREATE TABLE IF NOT EXISTS grade (
    id TEXT PRIMARY KEY,
    exercise TEXT NOT NULL REFERENCES exercise (id),
    student TEXT NOT NULL REFERENCES student (id),
    points INTEGER NOT NULL CHECK (points BETWEEN 0 AND 100),
    comment TEXT NOT NULL,
    changed_here INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS grade_exercise ON grade (exercise);
CREATE INDEX IF NOT EXISTS grade_student ON grade (student);
CREATE TABLE IF NOT EXISTS change (
    id INTEGER PRIMARY KEY,
    grade TEXT NOT NULL REFERENCES grade (id),
    points_before INTEGER NOT NULL,
    points_after INTEGER NOT NULL,
    by TEXT NOT NULL,
    role TEXT NOT NULL,
    at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
);
"""
BUSY_SECONDS = 5.0


def prepare(path: Path) -> None:
    """Make the file and its tables where they are missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        # Readers go on while a load or an edit writes.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(SCHEMA)


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the file for one request."""
    connection = sqlite3.connect(
        path,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,  # one request at a time, which its framework moves about
    )
    with closing(connection):
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all of it or nothing, as the only writer from the first read on."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
