"""Registries declared by hand."""

from types import SimpleNamespace
from typing import Any

from authmigration import ContextType, Role
from authmigration.errors import DeclarationError
from authmigration.registry import Registry
from monolith.courses.models import Course
from monolith.schools.models import School

SCHOOL = ContextType("school", School)
COURSE = ContextType("course", Course, parent="school")
STUDENT = Role("student", on="course", can={"course.view"})
TEACHER = Role("teacher", on="course", can={"course.view", "course.edit"})
HEAD = Role("head", on="school", can={"school.view"})
BOSS = Role("boss", can={"course.edit"})
BASIS = {
    "SCHOOL": SCHOOL,
    "COURSE": COURSE,
    "STUDENT": STUDENT,
    "TEACHER": TEACHER,
    "HEAD": HEAD,
    "BOSS": BOSS,
}


def declared(*values: Any, **named: Any) -> Registry:
    """Return a registry of the roles and types above, and of what a test adds."""
    numbered = {f"VALUE_{place}": value for place, value in enumerate(values)}
    return Registry([SimpleNamespace(**BASIS, **numbered, **named)])


def problems_of(*values: Any, **named: Any) -> str:
    """Return what is wrong with a declaration; empty where it is taken."""
    try:
        declared(*values, **named)
    except DeclarationError as error:
        return str(error)
    return ""
