"""To which schools somebody belongs: the unit by which the platform rolls changes out."""

from django.db.models import F, IntegerField, JSONField, Model, Q, QuerySet, Value
from django.utils import timezone

from monolith.accounts.models import Profile
from monolith.courses.models import Course, Enrolment
from monolith.payments.models import Bursar
from monolith.schools.models import SchoolStaff

Row = tuple[int, int | None, list[int] | None]


def schools_of(subject: str) -> tuple[str, ...]:
    """Return the schools in which `subject` (a user's id) holds anything, as sorted `school:<id>`.

    Somebody who holds nothing, and a subject that is no user, get the empty tuple. One query; a
    second one for those who moderate courses, because their courses stand in a JSON list.
    """
    return schools_of_many([subject])[subject]


def schools_of_many(subjects: list[str]) -> dict[str, tuple[str, ...]]:
    """Return for each of `subjects` what `schools_of` does, in as many queries as for one."""
    keys = {subject: int(subject) for subject in subjects if subject.isdecimal()}
    rows = _held(list(keys.values()))
    schools: dict[int | None, set[int]] = {key: set() for key in (None, *keys.values())}
    moderated = {course for _, _, courses in rows for course in courses or ()}
    of_course = dict(Course.objects.filter(pk__in=moderated).values_list("pk", "school"))
    for user, school, courses in rows:
        held = schools[user]
        if school is not None:
            held.add(school)
        held.update(of_course[course] for course in courses or () if course in of_course)
    named = {key: tuple(sorted(f"school:{each}" for each in held)) for key, held in schools.items()}
    return {subject: named[keys.get(subject)] for subject in subjects}


def _held(users: list[int]) -> list[Row]:
    running = Q(ends_at=None) | Q(ends_at__gt=timezone.now())
    profiles = Profile.objects.filter(user__in=users).annotate(
        unit=Value(None, IntegerField()), listed=F("moderated_courses")
    )
    assisting = Course.assistants.through.objects.filter(user__in=users)
    learning = Enrolment.objects.filter(running, student__in=users, status="active")
    through_schools = (
        _school(learning, "student", "course__school"),
        _school(Course.objects.filter(owner__in=users), "owner", "school"),
        _school(assisting, "user", "course__school"),
        _school(SchoolStaff.objects.filter(person__user__in=users), "person__user", "school"),
        _school(Bursar.objects.filter(user__in=users), "user", "school"),
    )
    found = profiles.values_list("user", "unit", "listed")
    return list(found.union(*through_schools, all=True))


def _school(rows: QuerySet[Model], user: str, path: str) -> QuerySet[Model]:
    annotated = rows.annotate(who=F(user), unit=F(path), listed=Value(None, JSONField()))
    return annotated.values_list("who", "unit", "listed")
