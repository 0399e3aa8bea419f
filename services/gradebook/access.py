"""Who may do what here: the token, the policy, and the school that stands in a course's row."""

from __future__ import annotations

from sqlite3 import Connection

from auth_lib import Claims, Decision, Gate

from . import grades
from .grades import Course

LIST, EDIT = "grade.list", "grade.edit"


def may(gate: Gate, claims: Claims, permission: str, course: Course) -> Decision:
    """Return whether somebody has a permission in a course, there or from above."""
    return gate.check(claims, permission, "course", course.id, lineage=[course.above])


def readable(gate: Gate, claims: Claims, connection: Connection) -> list[Course]:
    """Return the courses whose grades somebody may list.

    The token names the candidates, and each is asked about by :func:`may`, so that list and
    check cannot differ: a refusal below a school, or a view as a role, counts in both.
    """
    schools = [
        school
        for school in grades.schools(connection)
        if gate.check(claims, LIST, "school", school)
    ]
    ids = gate.ids(claims, "course", permission=LIST)
    candidates = grades.courses(connection, ids=ids, schools=schools)
    return [each for each in candidates if may(gate, claims, LIST, each)]
