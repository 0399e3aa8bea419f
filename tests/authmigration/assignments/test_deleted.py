"""What is left of users and contexts that are gone."""

import pytest

from authmigration import assign
from authmigration.assignments import synchronise
from authmigration.models import AuditEvent
from monolith.accounts.models import User
from monolith.courses.authz import TA
from monolith.courses.models import Course
from tests.authmigration import worlds
from tests.authmigration.rows import captured, facts, is_fresh, sync

WHO = {"actor": "test", "reason": "a test"}


@pytest.fixture
def captures(db):
    with captured():
        yield


def test_a_deleted_course_takes_its_facts_along(captures, learner, north, algebra):
    biology = worlds.course(north)
    worlds.enrol(learner, biology)
    sync(learner)

    Course.objects.get(pk=algebra.pk).delete()
    stale = is_fresh(learner)
    sync(learner)

    assert not stale
    assert facts(learner) == {f"student in course:{biology.pk} (courses.Enrolment)"}


def test_a_late_task_brings_no_deleted_user_back(captures, learner):
    subject = str(learner.pk)
    sync(learner)
    gone = User.objects.get(pk=learner.pk)

    learner.delete()
    synchronise([subject], using="default", reason="a late task")

    assert facts(gone) == set()
    assert not User.objects.filter(pk=subject).exists()


def test_the_trail_outlives_whom_it_speaks_of(learner, algebra):
    subject = str(learner.pk)
    assign(learner, TA, algebra, **WHO)

    learner.delete()
    Course.objects.all().delete()

    told = AuditEvent.objects.filter(subject=subject).values_list("action", "context")
    assert ("assign", f"course:{algebra.pk}") in told


def test_a_role_in_a_course_that_is_gone_gives_nothing_in_the_next(learner, north, algebra):
    """No key is given twice, so that a fact about what is gone speaks of nothing."""
    assign(learner, TA, algebra, **WHO)
    Course.objects.get(pk=algebra.pk).delete()

    assert worlds.course(north).pk != algebra.pk
