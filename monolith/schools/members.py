"""Who belongs to a school: the way back from `schools_of`."""

from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from monolith.accounts.models import Profile
from monolith.courses.models import Course, Enrolment
from monolith.payments.models import Bursar
from monolith.schools.models import School, SchoolStaff


def schools() -> tuple[str, ...]:
    """Return every school as `school:<id>`."""
    return tuple(
        f"school:{key}" for key in School.objects.order_by("pk").values_list("pk", flat=True)
    )


def members_of(unit: str) -> set[str]:
    """Return the ids of all who hold anything at a school; three queries."""
    school = int(unit.removeprefix("school:"))
    running = Q(ends_at=None) | Q(ends_at__gt=timezone.now())
    enrolled = Enrolment.objects.filter(running, course__school=school, status="active")
    rows = _ids(enrolled, "student").union(
        _ids(Course.objects.filter(school=school, owner__isnull=False), "owner"),
        _ids(Course.assistants.through.objects.filter(course__school=school), "user"),
        _ids(SchoolStaff.objects.filter(school=school, person__user__isnull=False), "person__user"),
        _ids(Bursar.objects.filter(school=school), "user"),
    )
    return {row[0] for row in rows} | _moderators(school)


def _ids(rows, path):
    return rows.annotate(member=Cast(path, TextField())).order_by().values_list("member")


def _moderators(school: int) -> set[str]:
    courses = set(Course.objects.filter(school=school).values_list("pk", flat=True))
    profiles = Profile.objects.exclude(moderated_courses=[]).values_list(
        "user", "moderated_courses"
    )
    return {str(user) for user, listed in profiles if courses.intersection(listed)}
