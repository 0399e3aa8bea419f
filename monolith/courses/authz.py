"""Who may do what with courses, and where the old code keeps it."""

from collections.abc import Iterator

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from authmigration import ContextType, Fact, Role, legacy
from monolith.accounts.models import Profile, User
from monolith.courses.models import Course, Enrolment
from monolith.courses.visible import visible_courses
from monolith.schools.models import SchoolStaff

COURSE = ContextType(
    "course", Course, parent="school", public={"course.view"}, public_where=Q(is_public=True)
)

_READING = {"course.view", "lecture.view", "attachment.download"}
_TALKING = _READING | {"lecture.comment"}

STUDENT = Role("student", on="course", can=_TALKING | {"exercise.submit"})
GUEST = Role("guest", on="course", can=_READING)
MENTOR = Role("mentor", on="course", can=_TALKING | {"grade.list"})
MODERATOR = Role("moderator", on="course", can=_TALKING | {"forum.moderate", "comment.delete"})
ASSISTANT = Role("assistant", on="course", can=_TALKING | {"lecture.preview", "lecture.edit"})
TEACHER = Role(
    "teacher",
    on="course",
    can=_TALKING
    | {
        "course.edit",
        "course.enrol",
        "course.withdraw",
        "lecture.preview",
        "lecture.edit",
        "exercise.create",
        "exercise.edit",
        "submission.list",
        "submission.grade",
        "grade.list",
        "grade.view",
        "grade.edit",
        "grade.export",
    },
    view_as={"student"},
)
# The old platform knows no teaching assistants: nothing below yields this role.
TA = Role(
    "ta",
    on="course",
    can=_TALKING
    | {"submission.list", "submission.grade", "grade.list", "grade.view", "grade.edit"},
)

DJANGO = legacy.permissions(
    {"courses.view_course": "course.view", "courses.change_course": "course.edit"}
)

ENROLMENTS = legacy.table(
    Enrolment,
    user="student",
    context="course",
    role="kind",
    roles={Enrolment.LEARNER: STUDENT, Enrolment.AUDITOR: GUEST, Enrolment.MENTOR: MENTOR},
    where=Q(status="active"),
    valid_until="ends_at",
    write=legacy.write(on={"status": "active"}, off={"status": "withdrawn"}),
)
OWNERS = legacy.table(
    Course,
    user="owner",
    context="pk",
    role=TEACHER,
    where=Q(owner__is_teacher=True),
    write=legacy.write(off={"owner": None}, insert=False),
)
ASSISTANTS = legacy.table(
    Course.assistants.through,
    user="user",
    context="course",
    role=ASSISTANT,
    write=legacy.write(off=legacy.DELETE_ROW),
)


@legacy.roles(
    watch=[legacy.watch(Profile, user="user", columns=["moderated_courses"])], only_with_rows=True
)
def moderators(user: User) -> Iterator[Fact]:
    """Read the courses whose forum somebody moderates: a list of ids in the profile."""
    listed = Profile.objects.filter(user=user).values_list("moderated_courses", flat=True)
    for course_id in listed.first() or []:
        yield MODERATOR.at(course_id)


@legacy.check("course.view")
def may_view_course(user: User | AnonymousUser, course: Course) -> bool:
    return visible_courses(user).filter(pk=course.pk).exists()


@legacy.list("course.view")
def courses_to_view(user: User | AnonymousUser) -> QuerySet[Course]:
    return visible_courses(user)


@legacy.check("course.edit", stricter="F01: is_teacher is asked, never the course's owner")
def may_edit_course(user: User, course: Course) -> bool:
    return user.is_superuser or user.is_teacher or _is_principal(user, course)


@legacy.check("course.enrol", stricter="F12: any teacher and any office enrols anywhere")
def may_enrol(user: User, course: Course) -> bool:
    group_names = [group.name for group in user.groups.all()]
    in_an_office = SchoolStaff.objects.filter(
        person__user=user, position__in=["principal", "secretary"]
    )
    return (
        user.is_superuser or user.is_teacher or "registrars" in group_names or in_an_office.exists()
    )


@legacy.check("course.withdraw")
def may_withdraw(user: User, course: Course) -> bool:
    return (
        user.is_superuser
        or user.groups.filter(name="registrars").exists()
        or (user.is_teacher and course.owner_id == user.pk)
        or course.school.staff.filter(
            person__user=user, position__in=["principal", "secretary"]
        ).exists()
    )


def _is_principal(user: User, course: Course) -> bool:
    return SchoolStaff.objects.filter(
        person__user=user.pk, school=course.school_id, position="principal"
    ).exists()
