"""Who may do what with lectures; the roles are those of the course."""

from authmigration import ContextType, legacy
from monolith.accounts.models import Profile, User
from monolith.courses.models import Enrolment
from monolith.lectures.models import Lecture

LECTURE = ContextType("lecture", Lecture, parent="course")


@legacy.check("lecture.view", stricter="F03, F04: any teacher reads, and any row of an enrolment")
def may_view_lecture(user: User, lecture: Lecture) -> bool:
    if may_preview_lecture(user, lecture):
        return True
    if Enrolment.objects.filter(student=user, course=lecture.course_id).exists():
        return True
    return _moderates(user, lecture)


@legacy.check("lecture.preview", stricter="F03: any teacher counts as the teacher of the course")
def may_preview_lecture(user: User, lecture: Lecture) -> bool:
    return (
        user.is_teacher
        or user.is_superuser
        or lecture.course.assistants.filter(pk=user.pk).exists()
    )


@legacy.check("lecture.edit")
def may_edit_lecture(user: User, lecture: Lecture) -> bool:
    course = lecture.course
    is_author = course.assistants.filter(pk=user.pk).exists()
    if user.is_teacher and course.owner == user:
        is_author = True
    return is_author or user.is_superuser


@legacy.check("forum.moderate", on="lecture")
def may_moderate(user: User, lecture: Lecture) -> bool:
    return _moderates(user, lecture) or user.is_superuser


def _moderates(user: User, lecture: Lecture) -> bool:
    profile = Profile.objects.filter(user=user).first()
    return profile is not None and lecture.course_id in profile.moderated_courses
