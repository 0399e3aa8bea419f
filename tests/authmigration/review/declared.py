"""A policy of one role on courses."""

from authmigration import ContextType, Role
from monolith.courses.models import Course

HOLDER = Role("holder", on="course", can={"course.edit"})
COURSE = ContextType("course", Course)
