"""Exercises and the grades given for them."""

from monolith.gradebook.models.exercise import Exercise
from monolith.gradebook.models.grade import Grade

__all__ = ["Exercise", "Grade"]
