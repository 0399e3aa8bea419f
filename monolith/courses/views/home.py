"""The first page after logging in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from monolith.courses.visible import my_courses


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """GET: the user's own courses."""
    courses = my_courses(request.user).select_related("school").order_by("archived", "code")
    return render(request, "courses/home.html", {"courses": courses})
