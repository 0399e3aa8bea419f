"""The grades of one exercise."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from authmigration import require
from monolith.gradebook.models import Exercise


@login_required
def exercise_grades(request: HttpRequest, exercise_id: int) -> HttpResponse:
    """GET: everybody's grade in the exercise, for teachers and for the course's mentors."""
    exercise = get_object_or_404(Exercise.objects.select_related("course"), pk=exercise_id)
    require(request.user, "grade.list", exercise)
    grades = exercise.grades.select_related("student").order_by("student__username")
    return render(request, "gradebook/exercise.html", {"exercise": exercise, "grades": grades})
