"""The migration of one user as a team would write it: the ORM, ``bulk_create``, a transaction.

It reads what the declared sources read and writes what the toolkit writes: facts, state, one
audit event and one step of a counter. To do equal work it must also keep a second request out and
take over the changes captured so far, or a committed revoke is lost; ``LOCKED`` does.
"""

from collections.abc import Iterator
from enum import Enum

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from authmigration.models import (
    Assignment,
    AuditEvent,
    ChangeMark,
    CounterDelta,
    Epoch,
    SubjectState,
)
from authmigration.selectors import NO_BEGINNING
from monolith.accounts.models import User
from monolith.courses.models import Course, Enrolment
from monolith.payments.models import Bursar
from monolith.schools.models import SchoolStaff

KINDS = {Enrolment.LEARNER: "student", Enrolment.AUDITOR: "guest", Enrolment.MENTOR: "mentor"}
POSITIONS = (SchoolStaff.PRINCIPAL, SchoolStaff.SECRETARY)
ASSISTANTS = Course.assistants.through


class Way(Enum):
    """How two first accesses of one user are kept from doing the work twice."""

    LOCKED = "equal work: the user's row locked, captured changes taken over"
    UNIQUE = "the unique constraint alone"
    UNPROTECTED = "less work: nobody kept out, captured changes left alone"


def migrate(user: User, mapping: str, way: Way = Way.LOCKED) -> bool:
    """Migrate a user who is not migrated yet; return whether there was anything to do.

    Args:
        user: whom.
        mapping: the hash to be noted in the state.
        way: how others are kept out.

    Raises:
        IntegrityError: somebody else was faster, and the unique constraint alone keeps order.

    """
    subject = str(user.pk)
    with transaction.atomic():
        epoch = taken_over(user, subject) if way is Way.LOCKED else 0
        if SubjectState.objects.filter(subject=subject).exists():
            return False
        rows = list(facts(user))
        Assignment.objects.bulk_create(rows, ignore_conflicts=way is Way.UNPROTECTED)
        write_state(subject, mapping, epoch, rows)
        AuditEvent.objects.create(
            actor="by hand",
            action="migrate",
            subject=subject,
            reason="first access",
            generation=1,
            detail={"added": [str(row) for row in rows], "removed": []},
        )
        CounterDelta.objects.create(name="subjects", label="migrated", delta=1)
    return True


def taken_over(user: User, subject: str) -> int:
    """Lock the user, forget the changes captured so far, and return the epoch."""
    if connection.features.has_select_for_update:
        User.objects.select_for_update().only("pk").get(pk=user.pk)
    ChangeMark.objects.filter(subject=subject).delete()
    base = Epoch.objects.filter(pk=1).values_list("value", flat=True).first() or 0
    return base + ChangeMark.objects.filter(subject="").count()


def write_state(subject: str, mapping: str, epoch: int, rows: list[Assignment]) -> None:
    """Note that a user is migrated."""
    SubjectState.objects.create(
        subject=subject,
        mapping_hash=mapping,
        mapping_version=1,
        epoch=epoch,
        contexts=len({(row.context_type, row.context_id) for row in rows}),
    )


def facts(user: User) -> Iterator[Assignment]:
    """Read the legacy tables, one query for each; the superuser's flag is on the user."""
    enrolled = Enrolment.objects.filter(student=user, status="active", kind__in=KINDS)
    for course, kind, ends in enrolled.values_list("course_id", "kind", "ends_at").distinct():
        yield fact(user, KINDS[kind], "course", course, "enrolment", ends)
    if user.is_teacher:
        for course in Course.objects.filter(owner=user).values_list("pk", flat=True):
            yield fact(user, "teacher", "course", course, "course")
    for course in ASSISTANTS.objects.filter(user=user).values_list("course_id", flat=True):
        yield fact(user, "assistant", "course", course, "assistants")
    positions = SchoolStaff.objects.filter(person__user=user, position__in=POSITIONS)
    for school, position in positions.values_list("school_id", F("position")):
        yield fact(user, position, "school", school, "staff")
    for school in Bursar.objects.filter(user=user).values_list("school_id", flat=True):
        yield fact(user, "bursar", "school", school, "bursar")
    if user.groups.filter(name="registrars").exists():
        yield fact(user, "registrar", "platform", "-", "groups")
    if user.is_superuser:
        yield fact(user, "superuser", "platform", "-", "user")


def fact(  # noqa: PLR0917 -- the columns of one row
    user: User, role: str, kind: str, key: object, source: str, ends: object = None
) -> Assignment:
    """Return one row to be written."""
    return Assignment(
        subject=str(user.pk),
        context_type=kind,
        context_id=str(key),
        role=role,
        source=source,
        valid_from=NO_BEGINNING,
        valid_until=ends,
        created_at=timezone.now(),
    )
