"""Courses and who takes part in them."""

from monolith.courses.models.course import Course
from monolith.courses.models.enrolment import Enrolment

__all__ = ["Course", "Enrolment"]
