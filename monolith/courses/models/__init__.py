"""Courses, who takes part in them, and what is told there."""

from monolith.courses.models.announcement import Announcement
from monolith.courses.models.course import Course
from monolith.courses.models.enrolment import Enrolment
from monolith.courses.models.section import Section

__all__ = ["Announcement", "Course", "Enrolment", "Section"]
