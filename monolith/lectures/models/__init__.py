"""Lectures."""

from monolith.lectures.models.lecture import Lecture

__all__ = ["Lecture"]
