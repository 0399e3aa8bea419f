"""The tutorial groups of a course."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from monolith.accounts.models import User
from monolith.courses.models import Course, Section
from monolith.courses.visible import my_courses
from monolith.schools.models import SchoolStaff


@login_required
def section_detail(request: HttpRequest, course_id: int, section_id: int) -> HttpResponse:
    """GET: where a tutorial group meets, and its notes, for the course's people and offices."""
    course = get_object_or_404(Course, pk=course_id)
    if not (_takes_part(request.user, course) or _works_there(request.user, course)):
        raise PermissionDenied
    section = get_object_or_404(Section, pk=section_id)
    return render(request, "courses/section.html", {"course": course, "section": section})


def _takes_part(user: User, course: Course) -> bool:
    return my_courses(user).filter(pk=course.pk).exists()


def _works_there(user: User, course: Course) -> bool:
    if user.is_superuser or user.groups.filter(name="registrars").exists():
        return True
    offices = SchoolStaff.objects.filter(position__in=["principal", "secretary"])
    return offices.filter(person__user=user, school=course.school_id).exists()
