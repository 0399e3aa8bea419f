"""The list of courses."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from monolith.courses.visible import visible_courses


def catalogue(request: HttpRequest) -> HttpResponse:
    """GET: the courses that run now, for everybody; who may see more than the public ones does."""
    running = visible_courses(request.user).filter(archived=False)
    courses = running.select_related("school").order_by("code")
    return render(request, "courses/catalogue.html", {"courses": courses})
