"""One submission."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from monolith.gradebook.models import Exercise, Submission


@login_required
def submission_detail(request: HttpRequest, exercise_id: int, submission_id: int) -> HttpResponse:
    """GET: the text that a student handed in, for the teacher of the course."""
    exercise = get_object_or_404(Exercise.objects.select_related("course"), pk=exercise_id)
    teaches = request.user.is_teacher and exercise.course.owner_id == request.user.pk
    if not (teaches or request.user.is_superuser):
        raise PermissionDenied
    submission = get_object_or_404(Submission.objects.select_related("student"), pk=submission_id)
    context = {"exercise": exercise, "submission": submission}
    return render(request, "gradebook/submission.html", context)
