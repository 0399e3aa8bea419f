"""Exercises, what is handed in for them, and the grades given."""

from monolith.gradebook.models.exercise import Exercise
from monolith.gradebook.models.grade import Grade
from monolith.gradebook.models.grade_change import GradeChange
from monolith.gradebook.models.submission import Submission

__all__ = ["Exercise", "Grade", "GradeChange", "Submission"]
