"""Who registered for what: the part of the data that is either read or generated."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Student(NamedTuple):
    """An account to be made."""

    username: str
    first_name: str
    last_name: str


class Presentation(NamedTuple):
    """One run of a course; both fields are text for people."""

    code: str
    title: str


class Registration(NamedTuple):
    """A student on a course; `student` and `presentation` are positions in the intake's lists."""

    student: int
    presentation: int
    registered_on: date | None
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Intake:
    """Students, presentations and registrations, in a fixed order."""

    students: list[Student]
    presentations: list[Presentation]
    registrations: list[Registration]
