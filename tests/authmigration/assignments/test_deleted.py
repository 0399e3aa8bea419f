"""What is left of users and contexts that are gone."""

import pytest
from django.db import transaction

from auth_lib import Effect
from authmigration import assign
from authmigration.assignments import synchronise
from authmigration.models import AuditEvent
from monolith.accounts.models import User
from monolith.courses.authz import STUDENT, TA
from monolith.courses.models import Course
from tests.authmigration import worlds
from tests.authmigration.crashing import Broken
from tests.authmigration.rows import captured, facts, is_fresh, state, sync

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


def again(user):
    """Give the id of somebody deleted to somebody else, as platforms do whose ids are names."""
    return User.objects.create(pk=user.pk, username=f"again-{user.pk}")


def test_whoever_gets_the_id_of_somebody_deleted_inherits_nothing(
    captures, learner, north, algebra
):
    biology = worlds.course(north)
    assign(learner, TA, algebra, **WHO)
    assign(learner, STUDENT, biology, effect=Effect.REFUSE, **WHO)
    before = User.objects.get(pk=learner.pk)
    generation = state(learner).generation

    learner.delete()
    bearer = again(before)

    assert not is_fresh(bearer)
    sync(bearer)
    assert facts(bearer) == set()
    assert state(bearer).generation >= generation


def test_the_trail_says_what_went_with_somebody(learner, algebra):
    subject = str(learner.pk)
    assign(learner, TA, algebra, **WHO)

    learner.delete()

    event = AuditEvent.objects.get(subject=subject, action="depart")
    assert event.detail == {"removed": [f"{subject}: ta in course:{algebra.pk}"]}


def test_a_deletion_that_is_rolled_back_takes_nothing(learner, algebra):
    assign(learner, TA, algebra, **WHO)

    with transaction.atomic():
        User.objects.get(pk=learner.pk).delete()
        transaction.set_rollback(True)

    assert any("ta in course" in fact for fact in facts(learner))


def test_a_failure_of_ours_leaves_the_deletion_alone(learner, algebra):
    assign(learner, TA, algebra, **WHO)
    subject = learner.pk

    with Broken("authmigration_assignment").planted():
        learner.delete()

    assert not User.objects.filter(pk=subject).exists()


def test_a_role_in_a_course_that_is_gone_gives_nothing_in_the_next(learner, north, algebra):
    """No key is given twice, so that a fact about what is gone speaks of nothing."""
    assign(learner, TA, algebra, **WHO)
    Course.objects.get(pk=algebra.pk).delete()

    assert worlds.course(north).pk != algebra.pk
