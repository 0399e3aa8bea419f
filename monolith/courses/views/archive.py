"""Closing a course."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from authmigration import require
from monolith.courses.models import Course


@login_required
@require_POST
def archive_course(request: HttpRequest, course_id: int) -> HttpResponse:
    """POST: take the course out of the catalogue for good; one that is archived answers 409."""
    course = get_object_or_404(Course, pk=course_id)
    require(request.user, "course.archive", course)
    if course.archived:
        reason = "This course is archived already."
        return render(request, "409.html", {"reason": reason}, status=409)
    course.archived = True
    course.save(update_fields=["archived"])
    messages.success(request, f"{course.code} is archived.")
    return redirect("course-detail", course_id=course.pk)
