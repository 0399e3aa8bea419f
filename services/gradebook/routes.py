"""The addresses of the gradebook."""

from __future__ import annotations

from collections.abc import Iterator
from sqlite3 import Connection
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from auth_lib import Claims, Gate
from auth_lib.contrib.fastapi import claims_of, require

from . import access, database, grades

router = APIRouter()


def _connection(request: Request) -> Iterator[Connection]:
    with database.opened(request.app.state.settings.database) as connection:
        yield connection


def _gate(request: Request) -> Gate:
    found: Gate = request.app.state.gate
    return found


Database = Annotated[Connection, Depends(_connection)]
Asked = Annotated[Gate, Depends(_gate)]
Claimed = Annotated[Claims, Depends(claims_of)]
Id = Annotated[str, Path(max_length=128)]


class NewGrade(BaseModel):
    """What of a grade can be changed."""

    model_config = ConfigDict(extra="forbid")

    points: Annotated[int, Field(ge=0, le=100, strict=True)]
    comment: Annotated[str, Field(max_length=10_000)] | None = None


@router.get("/healthz")
def healthz(connection: Database) -> dict[str, str]:
    """Say that the service runs and its database can be read; asks for no token."""
    connection.execute("SELECT count(*) FROM course").fetchone()
    return {"status": "ok"}


@router.get("/grades")
def my_grades(connection: Database, claims: Claimed) -> dict[str, Any]:
    """Return the grades of whom the token speaks; whose they are needs no role."""
    return {"grades": grades.of_student(connection, claims.subject)}


@router.get("/courses")
def courses(connection: Database, claims: Claimed, gate: Asked) -> dict[str, Any]:
    """Return the courses whose grades the subject may list.

    ``complete`` is false where the token was cut, so that there may be more.
    """
    found = access.readable(gate, claims, connection)
    return {
        "courses": [
            {**each._asdict(), "may_edit": bool(access.may(gate, claims, access.EDIT, each))}
            for each in found
        ],
        "complete": "course" not in claims.truncated,
    }


@router.get("/courses/{course_id}/grades")
def grades_of_course(
    course_id: Id, request: Request, connection: Database, claims: Claimed, gate: Asked
) -> dict[str, Any]:
    """Return every grade of a course.

    A course that is not here is denied first and missing second: nobody without a role learns
    which courses there are.
    """
    course = grades.course(connection, course_id)
    above = () if course is None else (course.above,)
    require(gate.check(claims, access.LIST, "course", course_id, lineage=above), request, claims)
    if course is None:
        raise _missing("course")
    return {"course": course._asdict(), "grades": grades.of_course(connection, course_id)}


@router.patch("/grades/{grade_id}")
def change_grade(  # noqa: PLR0917 -- FastAPI passes them by name
    grade_id: Id,
    new: NewGrade,
    request: Request,
    connection: Database,
    claims: Claimed,
    gate: Asked,
) -> dict[str, Any]:
    """Change points and comment, and return the grade."""
    row = grades.grade(connection, grade_id)
    if row is None:
        raise _missing("grade")
    decision = gate.check(
        claims,
        access.EDIT,
        "course",
        row["course"],
        lineage=[f"school:{row['school']}"],
        safe=False,
    )
    require(decision, request, claims)
    role = decision.because[0] if decision.because else str(decision.reason)
    grades.change(
        connection, grade_id, grades.Change(new.points, new.comment, claims.subject, role)
    )
    changed = grades.grade(connection, grade_id)
    if changed is None:  # a load took it away between the two
        raise _missing("grade")
    return grades.shown(changed)


def _missing(what: str) -> HTTPException:
    return HTTPException(404, {"code": "not_found", "message": f"There is no such {what}."})
