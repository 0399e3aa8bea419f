"""Who may do what with schools, and where the old code keeps it."""

from django.db.models import QuerySet

from authmigration import ContextType, Role, legacy
from monolith.accounts.models import User
from monolith.payments.models import Bursar
from monolith.schools.models import School, SchoolStaff

SCHOOL = ContextType("school", School)
POST = ContextType("staff", SchoolStaff, parent="school")

SECRETARY = Role(
    "secretary",
    on="school",
    can={
        "school.view",
        "school.report",
        "staff.view",
        "course.view",
        "course.enrol",
        "course.withdraw",
        "course.roster",
        "enrolment.view",
        "enrolment.edit",
        "enrolment.extend",
        "announcement.view",
    },
)
PRINCIPAL = Role(
    "principal",
    on="school",
    can={
        "school.staff",
        "school.receive",
        "course.edit",
        "course.archive",
        "course.staff",
        "course.transfer",
        "grade.export",
    },
    implies=[SECRETARY],
)

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


@legacy.check("school.staff", stricter="F16: the principal of any school appoints at every school")
def may_manage_staff(user: User, school: School) -> bool:
    positions = SchoolStaff.objects.filter(person__user=user).values_list("position", flat=True)
    return user.is_superuser or "principal" in positions


@legacy.list("staff.view", stricter="F19: any office lists the staff of every school")
def staff_to_view(user: User) -> QuerySet[SchoolStaff]:
    offices = SchoolStaff.objects.filter(person__user=user, position__in=("principal", "secretary"))
    if user.is_superuser or offices.exists():
        return SchoolStaff.objects.all()
    return SchoolStaff.objects.none()
