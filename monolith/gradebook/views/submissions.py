"""What was handed in for an exercise, and grading it page by page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from authmigration import require
from monolith.gradebook.grading import grade_submission
from monolith.gradebook.models import Exercise, Grade, Submission

PAGE = 50
MOST_POINTS = 100
MOST_DIGITS = 18


@login_required
def exercise_submissions(request: HttpRequest, exercise_id: int) -> HttpResponse:
    """GET: what was handed in. POST `points-<id of a submission>`: grade as many as are named."""
    exercise = get_object_or_404(Exercise.objects.select_related("course"), pk=exercise_id)
    require(request.user, "submission.list", exercise)
    if request.method == "POST":
        graded = _grade(request)
        messages.success(request, f"{graded} graded.")
        return redirect("exercise-submissions", exercise_id=exercise.pk)
    page = Paginator(_rows(exercise), PAGE).get_page(request.GET.get("page"))
    return render(request, "gradebook/submissions.html", {"exercise": exercise, "page": page})


def _rows(exercise: Exercise) -> list[tuple[Submission, int | None]]:
    """Return the submissions with the points that they have."""
    submissions = exercise.submissions.select_related("student").defer("text")
    points = dict(Grade.objects.filter(exercise=exercise).values_list("student", "points"))
    return [
        (submission, points.get(submission.student_id)) for submission in submissions.order_by("pk")
    ]


def _grade(request: HttpRequest) -> int:
    points = _posted_points(request)
    submissions = Submission.objects.filter(pk__in=points).select_related("exercise__course")
    for submission in submissions:
        require(request.user, "submission.grade", submission)
    with transaction.atomic():
        for submission in submissions:
            grade_submission(submission, points[submission.pk], request.user)
    return len(submissions)


def _posted_points(request: HttpRequest) -> dict[int, int]:
    """Return the points by submission; a field that was left empty is none."""
    found = {}
    for name, value in request.POST.items():
        prefix, _, key = name.partition("-")
        if prefix != "points" or not value:
            continue
        if not (_is_number(key) and _is_number(value) and int(value) <= MOST_POINTS):
            message = f"{name}={value!r}: post whole points from 0 to {MOST_POINTS}."
            raise BadRequest(message)
        found[int(key)] = int(value)
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
