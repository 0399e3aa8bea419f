"""What is stored, read and written; nothing here asks who may."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from .database import writing

_GRADE = """
SELECT grade.id, grade.points, grade.comment, grade.student, student.name,
    exercise.id AS exercise, exercise.title, course.id AS course, course.code, course.school
FROM grade
JOIN student ON student.id = grade.student
JOIN exercise ON exercise.id = grade.exercise
JOIN course ON course.id = exercise.course
"""
_ORDER = " ORDER BY course.code, course.id, exercise.title, exercise.id, student.name, grade.id"


class Course(NamedTuple):
    """A course, and the school above it."""

    id: str
    school: str
    code: str
    title: str

    @property
    def above(self) -> str:
        """The context above the course."""
        return f"school:{self.school}"


class Change(NamedTuple):
    """New points of a grade, whose doing, and by which role."""

    points: int
    comment: str | None
    by: str
    role: str


def course(connection: sqlite3.Connection, id_: str) -> Course | None:
    """Return a course."""
    row = connection.execute("SELECT id, school, code, title FROM course WHERE id = ?", [id_])
    found = row.fetchone()
    return Course(*found) if found is not None else None


def courses(
    connection: sqlite3.Connection, *, ids: Collection[str], schools: Collection[str]
) -> list[Course]:
    """Return the courses with these ids, and all of these schools."""
    rows = connection.execute(
        "SELECT id, school, code, title FROM course"
        " WHERE id IN (SELECT value FROM json_each(?))"
        " OR school IN (SELECT value FROM json_each(?)) ORDER BY code, id",
        [json.dumps(list(ids)), json.dumps(list(schools))],
    )
    return [Course(*row) for row in rows]


def schools(connection: sqlite3.Connection) -> list[str]:
    """Return every school that has a course."""
    return [school for (school,) in connection.execute("SELECT DISTINCT school FROM course")]


def of_student(connection: sqlite3.Connection, student: str) -> list[dict[str, Any]]:
    """Return the grades of one student, in every course."""
    return _shown(connection.execute(f"{_GRADE} WHERE grade.student = ?{_ORDER}", [student]))


def of_course(connection: sqlite3.Connection, id_: str) -> list[dict[str, Any]]:
    """Return the grades of one course, of every student."""
    return _shown(connection.execute(f"{_GRADE} WHERE course.id = ?{_ORDER}", [id_]))


def grade(connection: sqlite3.Connection, id_: str) -> sqlite3.Row | None:
    """Return one grade with its course and school."""
    found: sqlite3.Row | None = connection.execute(f"{_GRADE} WHERE grade.id = ?", [id_]).fetchone()
    return found


def change(connection: sqlite3.Connection, id_: str, change: Change) -> None:
    """Give a grade other points, and remember whose doing that was."""
    with writing(connection):
        (before,) = connection.execute("SELECT points FROM grade WHERE id = ?", [id_]).fetchone()
        connection.execute(
            "UPDATE grade SET points = ?, comment = coalesce(?, comment), changed_here = 1"
            " WHERE id = ?",
            [change.points, change.comment, id_],
        )
        if before != change.points:
            connection.execute(
                "INSERT INTO change (grade, points_before, points_after, by, role)"
                " VALUES (?, ?, ?, ?, ?)",
                [id_, before, change.points, change.by, change.role],
            )


def shown(row: sqlite3.Row) -> dict[str, Any]:
    """Return a grade as JSON."""
    return {
        "id": row["id"],
        "student": {"id": row["student"], "name": row["name"]},
        "exercise": {"id": row["exercise"], "title": row["title"]},
        "course": {"id": row["course"], "code": row["code"]},
        "points": row["points"],
        "comment": row["comment"],
    }


def _shown(rows: Iterable[sqlite3.Row]) -> list[dict[str, Any]]:
    return [shown(row) for row in rows]
