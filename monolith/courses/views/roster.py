"""Who is on a course."""

import csv

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from authmigration import require
from monolith.accounts.decorators import teacher_required
from monolith.courses.models import Course, Enrolment

_PAGE = 100
# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@login_required
def roster(request: HttpRequest, course_id: int) -> HttpResponse:
    """GET: everybody who is, was or asks to be on the course, for those who run it."""
    course = get_object_or_404(Course.objects.select_related("school"), pk=course_id)
    require(request.user, "course.roster", course)
    page = Paginator(_places(course), _PAGE).get_page(request.GET.get("page"))
    return render(request, "courses/roster.html", {"course": course, "page": page})


@login_required
@teacher_required
def roster_csv(request: HttpRequest, course_id: int) -> HttpResponse:
    """GET: the same for a spreadsheet, with the addresses of all."""
    course = get_object_or_404(Course, pk=course_id)
    name = f'attachment; filename="roster-{course.pk}.csv"'
    response = HttpResponse(content_type="text/csv", headers={"Content-Disposition": name})
    writer = csv.writer(response)
    writer.writerow(["user name", "name", "e-mail", "kind", "status"])
    for place in _places(course):
        student = place.student
        row = (student.username, student.get_full_name(), student.email)
        cells = [*map(_cell, row), place.get_kind_display(), place.status]
        writer.writerow(cells)
    return response


def _places(course: Course) -> QuerySet[Enrolment]:
    places = course.enrolments.select_related("student")
    return places.order_by("status", "kind", "student__username", "pk")


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
