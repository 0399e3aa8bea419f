"""One course."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from authmigration import check
from monolith.courses.models import Course
from monolith.lectures.models import Lecture


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
            "lectures": [
                x for x in course.lectures.order_by("pk") if _is_shown(request, course, x)
            ],
            "sections": course.sections.order_by("pk"),
            "moderates": _moderates(request, course),
            "teaches": _teaches(request, course),
            **_exercises(request, course),
        },
    )


def _exercises(request: HttpRequest, course: Course) -> dict[str, Any]:
    """Return the exercises, and what the reader may do with any of them: they share the course."""
    exercises = list(course.exercises.order_by("pk"))
    found: dict[str, Any] = {"exercises": exercises}
    if exercises and request.user.is_authenticated:
        exercises[0].course = course
        found["hands_in"] = check(request.user, "exercise.submit", exercises[0])
        found["lists_submissions"] = check(request.user, "submission.list", exercises[0])
        found["lists_grades"] = check(request.user, "grade.list", exercises[0])
        found["exports_grades"] = check(request.user, "grade.export", course)
    return found


def _is_shown(request: HttpRequest, course: Course, lecture: Lecture) -> bool:
    if lecture.published:
        return True
    lecture.course = course
    return request.user.is_authenticated and bool(check(request.user, "lecture.preview", lecture))


def _moderates(request: HttpRequest, course: Course) -> bool:
    profile = getattr(request.user, "profile", None)
    return profile is not None and course.pk in profile.moderated_courses


def _teaches(request: HttpRequest, course: Course) -> bool:
    user = request.user
    return user.is_authenticated and user.is_teacher and course.owner_id == user.pk
