"""Who may do what with courses, and where the old code keeps it."""

from collections.abc import Iterator

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from authmigration import ContextType, Fact, Role, legacy
from monolith.accounts.models import Profile, User
from monolith.courses.models import Announcement, Course, Enrolment
from monolith.courses.visible import my_courses, visible_courses
from monolith.schools.models import School, SchoolStaff

COURSE = ContextType(
    "course", Course, parent="school", public={"course.view"}, public_where=Q(is_public=True)
)
ENROLMENT = ContextType("enrolment", Enrolment, parent="course")
ANNOUNCEMENT = ContextType("announcement", Announcement, parent="course")

_READING = {"course.view", "lecture.view", "attachment.download", "announcement.view"}
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
        "course.archive",
        "course.roster",
        "course.staff",
        "course.transfer",
        "course.enrol",
        "course.withdraw",
        "enrolment.view",
        "enrolment.edit",
        "enrolment.extend",
        "announcement.post",
        "announcement.edit",
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
    return _runs(user, course)


@legacy.check("course.roster")
def may_see_roster(user: User, course: Course) -> bool:
    return _runs(user, course)


@legacy.check("course.staff", stricter="F25: the principal of any school appoints everywhere")
def may_appoint_assistants(user: User, course: Course) -> bool:
    if user.is_superuser or _teaches(user, course):
        return True
    return SchoolStaff.objects.filter(person__user=user, position="principal").exists()


@legacy.check("course.transfer")
def may_transfer(user: User, course: Course) -> bool:
    return _leads(user, course)


@legacy.check("course.archive")
def may_archive(user: User, course: Course) -> bool:
    return _leads(user, course)


@legacy.check("school.receive", stricter="F26: a school was never asked whether it takes a course")
def may_receive_course(user: User, school: School) -> bool:
    return user.is_authenticated


@legacy.check("enrolment.view", stricter="F29: any teacher reads the places of every course")
def may_view_enrolment(user: User, enrolment: Enrolment) -> bool:
    return user.is_teacher or _runs(user, enrolment.course)


@legacy.list("enrolment.view", stricter="F29: any teacher lists the places of every course")
def enrolments_to_view(user: User) -> QuerySet[Enrolment]:
    if user.is_teacher or user.is_superuser or user.groups.filter(name="registrars").exists():
        return Enrolment.objects.all()
    schools = SchoolStaff.objects.filter(person__user=user, position__in=["principal", "secretary"])
    return Enrolment.objects.filter(course__school__in=schools.values("school"))


@legacy.check("enrolment.edit")
def may_edit_enrolment(user: User, enrolment: Enrolment) -> bool:
    return _runs(user, enrolment.course)


@legacy.check("enrolment.extend", stricter="F20: whose place it is prolongs it, for ever")
def may_extend_enrolment(user: User, enrolment: Enrolment) -> bool:
    return enrolment.student_id == user.pk or _runs(user, enrolment.course)


@legacy.check("announcement.view", on="course")
def may_read_announcements(user: User, course: Course) -> bool:
    return my_courses(user).filter(pk=course.pk).exists() or _runs(user, course)


@legacy.list("announcement.view", stricter="F24: the news of every course, for whoever logs in")
def announcements_to_view(user: User | AnonymousUser) -> QuerySet[Announcement]:
    return Announcement.objects.all()


@legacy.check(
    "announcement.post",
    on="course",
    stricter="F22: any teacher counts as the teacher of the course",
)
def may_post_announcement(user: User, course: Course) -> bool:
    role = "teacher" if user.is_teacher or user.is_superuser else "student"
    return role == "teacher"


@legacy.check("announcement.edit", stricter="F23: any teacher rewrites every notice by its id")
def may_edit_announcement(user: User, announcement: Announcement) -> bool:
    return user.is_teacher or user.is_superuser


def _runs(user: User, course: Course) -> bool:
    return (
        user.is_superuser
        or user.groups.filter(name="registrars").exists()
        or _teaches(user, course)
        or course.school.staff.filter(
            person__user=user, position__in=["principal", "secretary"]
        ).exists()
    )


def _leads(user: User, course: Course) -> bool:
    return user.is_superuser or _teaches(user, course) or _is_principal(user, course)


def _teaches(user: User, course: Course) -> bool:
    return user.is_teacher and course.owner_id == user.pk


def _is_principal(user: User, course: Course) -> bool:
    return SchoolStaff.objects.filter(
        person__user=user.pk, school=course.school_id, position="principal"
    ).exists()
