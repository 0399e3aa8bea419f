"""A student's own grades."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from monolith.gradebook.models import Grade


@login_required
def my_grades(request: HttpRequest) -> HttpResponse:
    """GET: the grades of the user."""
    grades = Grade.objects.filter(student=request.user).select_related("exercise__course")
    return render(request, "gradebook/mine.html", {"grades": grades.order_by("exercise")})
