"""Who may do what with grades; the roles are those of the course."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from authmigration import ContextType, legacy
from monolith.accounts.models import User
from monolith.courses.models import Enrolment
from monolith.gradebook.models import Exercise, Grade

EXERCISE = ContextType("exercise", Exercise, parent="course")
GRADE = ContextType("grade", Grade, parent="exercise")


@legacy.check(
    "grade.list", on="exercise", stricter="F05: any teacher lists the grades of every exercise"
)
def may_list_grades(user: User, exercise: Exercise) -> bool:
    running = Q(ends_at=None) | Q(ends_at__gt=timezone.now())
    places = Enrolment.objects.filter(
        running, student=user, course=exercise.course_id, status="active"
    )
    is_mentor = any(place.kind == Enrolment.MENTOR for place in places)
    return user.is_superuser or user.is_teacher or is_mentor


@legacy.check("grade.view", stricter="F08: whoever has logged in reads every grade by its id")
def may_view_grade(user: User, grade: Grade) -> bool:
    return user.is_authenticated


@legacy.list("grade.view", stricter="F09: any teacher downloads all grades of the platform")
def grades_to_view(user: User) -> QuerySet[Grade]:
    if user.is_teacher or user.is_superuser:
        return Grade.objects.all()
    return Grade.objects.none()


@legacy.check("grade.edit", stricter="F06, F07: any teacher changes every grade")
def may_edit_grade(user: User, grade: Grade) -> bool:
    return user.is_teacher or user.is_superuser
