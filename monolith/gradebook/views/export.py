"""The grades of a course as a file."""

import csv

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from authmigration import require
from monolith.courses.models import Course
from monolith.gradebook.grade_table import HEAD, grade_rows


@login_required
def course_grades_csv(request: HttpRequest, course_id: int) -> HttpResponse:
    """GET: all grades of the course as CSV, for its teacher and the principal of its school."""
    course = get_object_or_404(Course, pk=course_id)
    require(request.user, "grade.export", course)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="grades-{course.pk}.csv"'
    table = csv.writer(response)
    table.writerow(HEAD)
    table.writerows(grade_rows(course))
    return response
