"""The pages and the API of the schools."""

from monolith.schools.views.api import SchoolStaffList
from monolith.schools.views.dashboard import SchoolDashboard
from monolith.schools.views.report import SchoolReport
from monolith.schools.views.staff import dismiss_staff, school_staff

__all__ = ["SchoolDashboard", "SchoolReport", "SchoolStaffList", "dismiss_staff", "school_staff"]
