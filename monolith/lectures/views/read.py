"""Reading a lecture."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from monolith.accounts.models import User
from monolith.courses.models import Course, Enrolment
from monolith.lectures.models import Lecture


@login_required
def read_lecture(request: HttpRequest, lecture_id: int) -> HttpResponse:
    """GET: the lecture. Teachers also read drafts, for students these do not exist."""
    lecture = get_object_or_404(Lecture.objects.select_related("course"), pk=lecture_id)
    user = request.user
    may_write = user.is_superuser or lecture.course.assistants.filter(pk=user.pk).exists()
    role = "teacher" if user.is_teacher or may_write else "student"
    if role == "student":
        if not _is_student(user, lecture.course):
            raise PermissionDenied
        if not lecture.published:
            raise Http404
    return render(request, "lectures/lecture.html", {"lecture": lecture, "role": role})


def _is_student(user: User, course: Course) -> bool:
    if Enrolment.objects.filter(student=user, course=course).exists():
        return True
    profile = getattr(user, "profile", None)
    return profile is not None and course.pk in profile.moderated_courses
