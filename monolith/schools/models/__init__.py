"""Schools and their staff."""

from monolith.schools.models.school import School
from monolith.schools.models.staff import SchoolStaff

__all__ = ["School", "SchoolStaff"]
