"""The pages of the schools."""

from monolith.schools.views.dashboard import SchoolDashboard

__all__ = ["SchoolDashboard"]
