"""The list of courses."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from authmigration import filter_queryset
from monolith.courses.models import Course


def catalogue(request: HttpRequest) -> HttpResponse:
    """GET: the courses that run now, for everybody; who may see more than the public ones does."""
    running = filter_queryset(request.user, "course.view", Course.objects.filter(archived=False))
    courses = running.select_related("school").order_by("code")
    return render(request, "courses/catalogue.html", {"courses": courses})
