"""How a grade came about."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from monolith.accounts.models import User
from monolith.gradebook.models import Grade


@login_required
def grade_history(request: HttpRequest, grade_id: int) -> HttpResponse:
    """GET: every change of a grade, for its student and for the teacher of the course."""
    grades = Grade.objects.select_related("exercise__course", "student")
    grade = get_object_or_404(grades, pk=grade_id)
    if not (grade.student_id == request.user.pk or _teaches(request.user, grade)):
        raise PermissionDenied
    changes = grade.changes.select_related("changed_by").order_by("changed_at", "pk")
    return render(request, "gradebook/history.html", {"grade": grade, "changes": changes})


def _teaches(user: User, grade: Grade) -> bool:
    if user.is_superuser:
        return True
    return user.is_teacher and grade.exercise.course.owner_id == user.pk
