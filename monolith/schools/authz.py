"""Who may do what with schools, and where the old code keeps it."""

from authmigration import ContextType, Role, legacy
from monolith.accounts.models import User
from monolith.payments.models import Bursar
from monolith.schools.models import School, SchoolStaff

SCHOOL = ContextType("school", School)

SECRETARY = Role(
    "secretary",
    on="school",
    can={"school.view", "course.view", "course.enrol", "course.withdraw"},
)
PRINCIPAL = Role("principal", on="school", can={"course.edit", "grade.export"}, implies=[SECRETARY])

STAFF = legacy.table(
    SchoolStaff,
    user="person__user",
    context="school",
    role="position",
    roles={SchoolStaff.PRINCIPAL: PRINCIPAL, SchoolStaff.SECRETARY: SECRETARY},
    ignore={SchoolStaff.CARETAKER: "holds keys, and no rights on the platform"},
)


@legacy.check("school.view")
def may_view_school(user: User, school: School) -> bool:
    if user.is_superuser or Bursar.objects.filter(user=user, school=school).exists():
        return True
    positions = SchoolStaff.objects.filter(person__user=user, school=school)
    return positions.filter(position__in=("principal", "secretary")).exists()
