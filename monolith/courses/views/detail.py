"""One course."""

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from authmigration import check
from monolith.courses.models import Course


def course_detail(request: HttpRequest, course_id: int) -> HttpResponse:
    """GET: the course with its lectures and exercises, for those who may see it."""
    course = get_object_or_404(Course.objects.select_related("school", "owner"), pk=course_id)
    if not check(request.user, "course.view", course):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise PermissionDenied
    return render(
        request,
        "courses/detail.html",
        {
            "course": course,
            "lectures": course.lectures.order_by("pk"),
            "exercises": course.exercises.order_by("pk"),
            "moderates": _moderates(request, course),
        },
    )


def _moderates(request: HttpRequest, course: Course) -> bool:
    profile = getattr(request.user, "profile", None)
    return profile is not None and course.pk in profile.moderated_courses
