"""The grades of one exercise."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from monolith.courses.models import Enrolment
from monolith.gradebook.models import Exercise


@login_required
def exercise_grades(request: HttpRequest, exercise_id: int) -> HttpResponse:
    """GET: everybody's grade in the exercise, for teachers and for the course's mentors."""
    exercise = get_object_or_404(Exercise.objects.select_related("course"), pk=exercise_id)
    if not (
        request.user.is_superuser
        or request.user.is_teacher
        or _is_mentor(request.user.pk, exercise.course_id)
    ):
        raise PermissionDenied
    grades = exercise.grades.select_related("student").order_by("student__username")
    return render(request, "gradebook/exercise.html", {"exercise": exercise, "grades": grades})


def _is_mentor(user_id: int, course_id: int) -> bool:
    running = Q(ends_at=None) | Q(ends_at__gt=timezone.now())
    places = Enrolment.objects.filter(running, student=user_id, course=course_id, status="active")
    return any(place.kind == Enrolment.MENTOR for place in places)
