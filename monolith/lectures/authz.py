"""Who may do what with lectures; the roles are those of the course."""

from django.db.models import Q
from django.utils import timezone

from authmigration import ContextType, legacy
from monolith.accounts.models import Profile, User
from monolith.courses.models import Enrolment
from monolith.lectures.models import Attachment, Comment, Lecture

LECTURE = ContextType("lecture", Lecture, parent="course")
COMMENT = ContextType("comment", Comment, parent="lecture")
ATTACHMENT = ContextType("attachment", Attachment, parent="lecture")


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


@legacy.check("lecture.comment")
def may_comment(user: User, lecture: Lecture) -> bool:
    if user.is_superuser or may_edit_lecture(user, lecture) or _moderates(user, lecture):
        return True
    running = Q(ends_at=None) | Q(ends_at__gt=timezone.now())
    places = Enrolment.objects.filter(
        running, student=user, course=lecture.course_id, status="active"
    )
    return places.exclude(kind=Enrolment.AUDITOR).exists()


@legacy.check("comment.delete", stricter="F41: the moderator of any course deletes everywhere")
def may_delete_comment(user: User, comment: Comment) -> bool:
    profile = Profile.objects.filter(user=user).first()
    return user.is_superuser or (profile is not None and bool(profile.moderated_courses))


@legacy.check("attachment.download", stricter="F42: whoever has logged in reads every handout")
def may_download(user: User, attachment: Attachment) -> bool:
    return user.is_authenticated


def _moderates(user: User, lecture: Lecture) -> bool:
    profile = Profile.objects.filter(user=user).first()
    return profile is not None and lecture.course_id in profile.moderated_courses
