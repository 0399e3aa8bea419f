"""A teacher looks at the own course as a student sees it."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from auth_lib import AuthError
from authmigration import view_as
from monolith.courses.authz import STUDENT
from monolith.courses.models import Course


@login_required
@require_POST
def view_as_student(request: HttpRequest, course_id: int) -> HttpResponse:
    """POST: be a student of the course for ten minutes, reading only; for its teacher."""
    course = get_object_or_404(Course, pk=course_id)
    try:
        view_as(request, STUDENT, course, minutes=10)
    except AuthError as error:
        raise PermissionDenied(str(error)) from error
    return redirect("course-detail", course_id=course.pk)
