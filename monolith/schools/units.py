"""To which schools somebody belongs: the unit by which the platform rolls changes out."""

from django.db.models import F, IntegerField, JSONField, Model, Q, QuerySet, Value
from django.utils import timezone

from monolith.accounts.models import Profile
from monolith.courses.models import Course, Enrolment
from monolith.payments.models import Bursar
from monolith.schools.models import SchoolStaff

Row = tuple[int | None, list[int] | None]


def schools_of(subject: str) -> tuple[str, ...]:
    """Return the schools in which `subject` (a user's id) holds anything, as sorted `school:<id>`.

    Somebody who holds nothing, and a subject that is no user, get the empty tuple. One query; a
    second one for those who moderate courses, because their courses stand in a JSON list.
    """
    if not subject.isdecimal():
        return ()
    rows = _held(int(subject))
    schools = {school for school, _ in rows if school is not None}
    moderated = [course for _, courses in rows for course in courses or ()]
    if moderated:
        schools.update(Course.objects.filter(pk__in=moderated).values_list("school", flat=True))
    return tuple(sorted(f"school:{school}" for school in schools))


def _held(user: int) -> list[Row]:
    running = Q(ends_at=None) | Q(ends_at__gt=timezone.now())
    profiles = Profile.objects.filter(user=user).annotate(
        unit=Value(None, IntegerField()), listed=F("moderated_courses")
    )
    through_schools = (
        _school(Enrolment.objects.filter(running, student=user, status="active"), "course__school"),
        _school(Course.objects.filter(owner=user), "school"),
        _school(Course.assistants.through.objects.filter(user=user), "course__school"),
        _school(SchoolStaff.objects.filter(person__user=user), "school"),
        _school(Bursar.objects.filter(user=user), "school"),
    )
    return list(profiles.values_list("unit", "listed").union(*through_schools, all=True))


def _school(rows: QuerySet[Model], path: str) -> QuerySet[Model]:
    annotated = rows.annotate(unit=F(path), listed=Value(None, JSONField()))
    return annotated.values_list("unit", "listed")
