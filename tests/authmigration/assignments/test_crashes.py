"""Killed at any statement, nothing is half-written, and the next run completes the work."""

import pytest
from django.db import connection

from authmigration import assign, unassign
from authmigration.assignments.failing import record_failure
from authmigration.models import SubjectState
from monolith.courses.authz import STUDENT, TA
from monolith.courses.models import Enrolment
from tests.authmigration import worlds
from tests.authmigration.crashing import each_crash
from tests.authmigration.rows import (
    facts,
    is_fresh,
    know_the_mapping,
    legacy_rows,
    mark,
    roles,
    state,
    sync,
    toolkit_rows,
)

pytestmark = pytest.mark.django_db(transaction=True)

LEAST = {"postgresql": 4, "sqlite": 7}


def everything():
    return legacy_rows(), toolkit_rows()


def crash_everywhere(work):
    """Return how often the work was killed; each time everything stands as before."""
    before = everything()
    kills = 0
    for passed in each_crash(work):
        kills += 1
        assert everything() == before, f"after {passed} statements"
    assert kills >= LEAST[connection.vendor]
    return kills


def person():
    anna = worlds.user(is_teacher=True)
    algebra = worlds.course(worlds.school(), owner=anna)
    worlds.enrol(anna, algebra)
    worlds.moderate(anna, algebra)
    know_the_mapping()
    return anna, algebra


def test_a_first_access_that_is_killed_leaves_nothing_behind():
    anna, _ = person()

    crash_everywhere(lambda: sync(anna))

    assert roles(anna) == {"student", "teacher", "moderator"}
    assert (state(anna).generation, is_fresh(anna)) == (1, True)


def test_a_resync_that_is_killed_keeps_the_old_facts_and_the_mark():
    anna, _ = person()
    sync(anna)
    Enrolment.objects.update(kind=Enrolment.MENTOR)
    mark(anna)

    crash_everywhere(lambda: sync(anna))

    assert roles(anna) == {"mentor", "teacher", "moderator"}
    assert (state(anna).generation, is_fresh(anna)) == (2, True)


def test_a_chunk_that_is_killed_leaves_nobody_half_migrated():
    people = [person()[0] for _ in range(3)]

    crash_everywhere(lambda: sync(*people, bulk=True))

    assert SubjectState.objects.filter(status="migrated").count() == 3
    assert [roles(who) for who in people] == [{"student", "teacher", "moderator"}] * 3


def test_an_assignment_that_is_killed_is_in_neither_world():
    anna, algebra = person()
    Enrolment.objects.all().delete()
    sync(anna)

    crash_everywhere(lambda: assign(anna, STUDENT, algebra, actor="test", reason="late"))

    assert Enrolment.objects.filter(student=anna, status="active").count() == 1
    assert f"student in course:{algebra.pk} (courses.Enrolment)" in facts(anna)


def test_a_native_assignment_to_somebody_never_seen_is_whole_or_not_at_all():
    anna, algebra = person()

    crash_everywhere(lambda: assign(anna, TA, algebra, actor="test", reason="help"))

    assert roles(anna) == {"student", "teacher", "moderator", "ta"}


def test_a_revoke_that_is_killed_is_in_neither_world():
    anna, algebra = person()
    sync(anna)

    crash_everywhere(lambda: unassign(anna, STUDENT, algebra, actor="test", reason="left"))

    assert not Enrolment.objects.filter(status="active").exists()
    assert roles(anna) == {"teacher", "moderator"}


def test_a_failure_that_is_killed_while_it_is_recorded_is_not_counted():
    anna, _ = person()

    def record():
        record_failure(str(anna.pk), ValueError("no such kind"), using="default")

    crash_everywhere(record)

    assert (state(anna).status, state(anna).attempts) == ("failing", 1)
