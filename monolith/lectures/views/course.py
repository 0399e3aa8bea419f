"""The lectures of a course."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Avg, Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from monolith.courses.models import Course
from monolith.courses.visible import visible_courses
from monolith.lectures.models import Lecture, Progress


@login_required
def course_lectures(request: HttpRequest, course_id: int) -> HttpResponse:
    """GET: for teachers all lectures and who watches them; for students those that are out."""
    course = get_object_or_404(Course, pk=course_id)
    if request.user.is_teacher:
        return _for_a_teacher(request, course)
    return _for_a_student(request, course)


def _for_a_teacher(request: HttpRequest, course: Course) -> HttpResponse:
    lectures = course.lectures.annotate(
        watched_by=Count("progress"), watched=Avg("progress__percent")
    )
    context = {"course": course, "lectures": lectures.order_by("pk")}
    return render(request, "lectures/teach.html", context)


def _for_a_student(request: HttpRequest, course: Course) -> HttpResponse:
    if not visible_courses(request.user).filter(pk=course.pk).exists():
        raise PermissionDenied
    lectures = Lecture.objects.filter(course=course, published=True).order_by("pk")
    own = Progress.objects.filter(student=request.user, lecture__course=course)
    percent = dict(own.values_list("lecture", "percent"))
    rows = [(lecture, percent.get(lecture.pk, 0)) for lecture in lectures]
    return render(request, "lectures/learn.html", {"course": course, "rows": rows})
