"""Who takes part in the courses."""

from collections.abc import Iterator
from datetime import UTC, datetime

from monolith.courses.models import Course, Enrolment
from monolith.data.world import World

ENDED = datetime(2024, 6, 30, 22, tzinfo=UTC)
ENDS_LATER = datetime(2040, 6, 30, 22, tzinfo=UTC)

_ENDED, _ENDING = 30, 30
_CAME_BACK, _DUPLICATES = 20, 40
_MENTORS, _PENDING = 3, 3
_AUDITORS = (None, None, None, ENDED, ENDED, ENDS_LATER)
_TEACHERS_WHO_LEARN = 8


def add_registrations(world: World) -> None:
    """Add the intake's registrations, as learners; for some the access ended or will end."""
    rows = [
        Enrolment(
            student=world.students[registration.student],
            course=world.courses[registration.presentation],
            kind=Enrolment.LEARNER,
            status="withdrawn" if registration.withdrawn else "active",
            registered_on=registration.registered_on,
        )
        for registration in world.intake.registrations
    ]
    limited = world.pick(
        [row for row in rows if row.status == "active"],
        world.scaled(_ENDED) + world.scaled(_ENDING),
    )
    for number, row in enumerate(limited):
        row.ends_at = ENDED if number < world.scaled(_ENDED) else ENDS_LATER
    world.registrations = world.insert(rows)


def add_other_enrolments(world: World) -> None:
    """Add what else stands in that table, exact duplicates included."""
    rows: list[Enrolment] = []
    for course in world.courses:
        rows += _around(world, course)
    rows += _teachers_who_learn(world)
    rows += _came_back(world)
    rows += [_copy(row) for row in world.pick(world.registrations, world.scaled(_DUPLICATES))]
    world.insert(rows)


def _around(world: World, course: Course) -> Iterator[Enrolment]:
    for user in world.pick(world.students, _MENTORS):
        yield Enrolment(student=user, course=course, kind=Enrolment.MENTOR)
    for user, ends_at in zip(world.pick(world.students, len(_AUDITORS)), _AUDITORS, strict=False):
        yield Enrolment(student=user, course=course, kind=Enrolment.AUDITOR, ends_at=ends_at)
    for user in world.pick(world.students, _PENDING):
        yield Enrolment(student=user, course=course, status="pending")


def _teachers_who_learn(world: World) -> Iterator[Enrolment]:
    for number, teacher in enumerate(world.teachers[:_TEACHERS_WHO_LEARN]):
        course = world.courses[(number + 5) % len(world.courses)]
        if course.owner_id != teacher.pk:
            yield Enrolment(student=teacher, course=course)


def _came_back(world: World) -> Iterator[Enrolment]:
    left = [row for row in world.registrations if row.status == "withdrawn"]
    for row in world.pick(left, world.scaled(_CAME_BACK)):
        again = _copy(row)
        again.status = "active"
        yield again


def _copy(row: Enrolment) -> Enrolment:
    return Enrolment(
        student_id=row.student_id,
        course_id=row.course_id,
        kind=row.kind,
        status=row.status,
        registered_on=row.registered_on,
        ends_at=row.ends_at,
    )
