"""Prolonging somebody's access to a course."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from authmigration import require
from monolith.courses.models import Enrolment

DAYS = 30


@login_required
@require_POST
def extend_enrolment(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """POST: thirty days more, from the end or from today; without an end, or withdrawn: 409."""
    rows = Enrolment.objects.select_related("course__school", "student")
    enrolment = get_object_or_404(rows, pk=enrolment_id)
    require(request.user, "enrolment.extend", enrolment)
    if enrolment.ends_at is None or enrolment.status != "active":
        reason = "Access can be prolonged only where it is active and has an end."
        return render(request, "409.html", {"reason": reason}, status=409)
    enrolment.ends_at = max(enrolment.ends_at, timezone.now()) + timedelta(days=DAYS)
    enrolment.save(update_fields=["ends_at"])
    messages.success(request, f"{enrolment.student} is on {enrolment.course.code} for longer.")
    if enrolment.student_id == request.user.pk:
        return redirect("home")
    return redirect("course-roster", course_id=enrolment.course_id)
