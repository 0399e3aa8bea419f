"""Who may do what with grades; the roles are those of the course."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from authmigration import ContextType, legacy
from monolith.accounts.models import User
from monolith.courses.models import Course, Enrolment
from monolith.gradebook.models import Exercise, Grade, Submission
from monolith.schools.models import SchoolStaff

EXERCISE = ContextType("exercise", Exercise, parent="course")
GRADE = ContextType("grade", Grade, parent="exercise")
SUBMISSION = ContextType("submission", Submission, parent="exercise")


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


@legacy.check(
    "grade.export", on="course", stricter="F33: any teacher and any principal exports any course"
)
def may_export_grades(user: User, course: Course) -> bool:
    if user.is_superuser or user.is_teacher:
        return True
    return SchoolStaff.objects.filter(person__user=user, position="principal").exists()


@legacy.check("exercise.submit")
def may_hand_in(user: User, exercise: Exercise) -> bool:
    running = Q(ends_at=None) | Q(ends_at__gt=timezone.now())
    return exercise.course.enrolments.filter(
        running, student=user, status="active", kind=Enrolment.LEARNER
    ).exists()


@legacy.check(
    "exercise.create", on="course", stricter="F34: the course in the body is compared with nothing"
)
def may_add_exercise(user: User, course: Course) -> bool:
    return user.is_teacher or user.is_superuser


@legacy.check("exercise.edit")
def may_edit_exercise(user: User, exercise: Exercise) -> bool:
    return user.is_superuser or (user.is_teacher and exercise.course.owner_id == user.pk)


@legacy.check(
    "submission.list", on="exercise", stricter="F30: any teacher lists what was handed in anywhere"
)
def may_list_submissions(user: User, exercise: Exercise) -> bool:
    return user.is_teacher or user.is_superuser


@legacy.check("submission.grade", stricter="F31: any teacher grades whatever ids they post")
def may_grade(user: User, submission: Submission) -> bool:
    return user.is_teacher or user.is_superuser
