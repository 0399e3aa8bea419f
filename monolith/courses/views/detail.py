"""One course."""

from typing import Any

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
            **_lectures(request, course),
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


def _lectures(request: HttpRequest, course: Course) -> dict[str, Any]:
    """Return the lectures, drafts for those alone who may see them, and whether they are read."""
    lectures = list(course.lectures.order_by("pk"))
    for lecture in lectures:
        lecture.course = course
    if not request.user.is_authenticated:
        return {"lectures": [lecture for lecture in lectures if lecture.published]}
    drafts = [lecture for lecture in lectures if not lecture.published]
    if drafts and not check(request.user, "lecture.preview", drafts[0]):
        lectures = [lecture for lecture in lectures if lecture.published]
    reads = lectures and check(request.user, "lecture.view", lectures[0])
    return {"lectures": lectures, "reads": reads}


def _moderates(request: HttpRequest, course: Course) -> bool:
    profile = getattr(request.user, "profile", None)
    return profile is not None and course.pk in profile.moderated_courses


def _teaches(request: HttpRequest, course: Course) -> bool:
    user = request.user
    return user.is_authenticated and user.is_teacher and course.owner_id == user.pk
