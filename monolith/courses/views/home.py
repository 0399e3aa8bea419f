"""The first page after logging in."""

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from authmigration import check
from monolith.accounts.models import User
from monolith.courses.models import Enrolment
from monolith.courses.visible import my_courses
from monolith.schools.models import School, SchoolStaff


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """GET: the user's own courses, the schools where they work, and what else is their work."""
    user = request.user
    courses = my_courses(user).select_related("school").order_by("archived", "code")
    offices = SchoolStaff.objects.filter(
        person__user=user, position__in=["principal", "secretary"]
    ).values_list("school", "position")
    bursaries = user.bursaries.filter(deleted_at=None).values_list("school", flat=True)
    schools = {school for school, _ in offices} | {*bursaries}
    return render(
        request,
        "courses/home.html",
        {
            "courses": courses,
            "taught": [course for course in courses if _teaches(user, course)],
            "schools": School.objects.filter(pk__in=schools).order_by("name") if schools else (),
            "headed": {school for school, position in offices if position == "principal"},
            "ending": list(_ending(user)),
            "desk": list(_desk(user)),
        },
    )


def _teaches(user, course) -> bool:
    return user.is_teacher and course.owner_id == user.pk


def _ending(user: User) -> Iterator[Enrolment]:
    places = user.enrolments.filter(status="active", ends_at__isnull=False)
    for place in places.select_related("course__school").order_by("ends_at"):
        place.may_extend = check(user, "enrolment.extend", place)
        yield place


def _desk(user: User) -> Iterator[tuple[str, str]]:
    groups = {group.name for group in user.groups.all()}
    if user.is_superuser or "registrars" in groups:
        yield reverse("course-list"), "Rosters: choose a course"
    if "support" in groups:
        yield reverse("support"), "Use somebody's account"
    if user.is_superuser:
        yield from (
            (reverse("school-dashboard", args=[s.pk]), s.name) for s in School.objects.all()
        )
        yield reverse("admin:index"), "Admin"
