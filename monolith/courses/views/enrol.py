"""Bringing students onto a course, and off it again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from authmigration import require
from monolith.accounts.models import User
from monolith.courses.models import Course, Enrolment
from monolith.courses.posted import posted_id


@login_required
@require_POST
def enrol(request: HttpRequest, course_id: int) -> HttpResponse:
    """POST `student` (a user's id): put them on the course as a learner."""
    course = get_object_or_404(Course, pk=course_id)
    require(request.user, "course.enrol", course)
    student = get_object_or_404(User, pk=posted_id(request, "student"))
    Enrolment.objects.create(
        student=student, course=course, kind=10, registered_on=timezone.localdate()
    )
    messages.success(request, f"{student} is now on {course.code}.")
    return redirect("course-detail", course_id=course.pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, course_id: int) -> HttpResponse:
    """POST `enrolment` (its id): take a student off the course."""
    course = get_object_or_404(Course, pk=course_id)
    require(request.user, "course.withdraw", course)
    enrolment = get_object_or_404(Enrolment, pk=posted_id(request, "enrolment"))
    enrolment.status = "withdrawn"
    enrolment.save(update_fields=["status"])
    messages.success(request, f"{enrolment.student} is off {enrolment.course.code}.")
    return redirect("course-detail", course_id=course.pk)
