"""The tutorial groups of a course."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from monolith.courses.models import Course, Section
from monolith.courses.visible import visible_courses


@login_required
def section_detail(request: HttpRequest, course_id: int, section_id: int) -> HttpResponse:
    """GET: where a tutorial group meets, and its notes, for those who see the course."""
    course = get_object_or_404(Course, pk=course_id)
    if not visible_courses(request.user).filter(pk=course.pk).exists():
        raise PermissionDenied
    section = get_object_or_404(Section, pk=section_id)
    return render(request, "courses/section.html", {"course": course, "section": section})
