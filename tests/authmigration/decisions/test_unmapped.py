"""Somebody with data that nobody mapped: no role by it, and no error page for it."""

import pytest

from auth_lib import Context
from authmigration import (
    Stage,
    check,
    filter_queryset,
    is_authorized,
    legacy,
    registry,
    roles_of,
    shadow,
)
from authmigration.legacy import LegacyCheck, LegacyList
from authmigration.models import Mismatch
from authmigration.rollout.overrides import forced
from authmigration.snapshots import snapshot_of
from authmigration.subjects import subject_of
from monolith.courses.authz import STUDENT
from monolith.courses.models import Course, Enrolment
from tests.authmigration import worlds
from tests.authmigration.rows import sync
from tests.authmigration.shadow.comparisons import tallied

pytestmark = pytest.mark.django_db(transaction=True)

STAGES = [Stage.OFF, Stage.SHADOW, Stage.ENFORCE]


def without_old_checks(**more):
    """Return the monolith's registry where the policy over the legacy facts answers."""
    kept = {
        name: value
        for name, value in worlds.declared().items()
        if not isinstance(value, (LegacyCheck, LegacyList))
    }
    return worlds.registry_of(**{**kept, **more})


@pytest.fixture
def algebra(db):
    return worlds.course(worlds.school())


@pytest.fixture
def anna(algebra):
    """Enrolled as something that no release has ever heard of, beside a rightful place."""
    anna = worlds.user()
    worlds.enrol(anna, algebra)
    worlds.enrol(anna, worlds.course(algebra.school))
    Enrolment.objects.filter(student=anna).exclude(course=algebra).update(kind=77)
    with registry.override(without_old_checks()):
        yield anna


@pytest.mark.parametrize("stage", STAGES)
def test_every_question_is_answered_and_denied(anna, algebra, stage, caplog):
    with forced(stage):
        answers = [
            check(anna, "course.view", algebra).allowed,
            is_authorized(anna, "course", algebra.pk, "student").allowed,
            filter_queryset(anna, "course.view", Course.objects.all()).exists(),
            bool(roles_of(anna)),
        ]

    assert answers == [False] * 4
    assert "holds '77', which is neither mapped nor ignored" in caplog.text


@pytest.mark.parametrize("stage", STAGES)
def test_nobody_else_is_touched(anna, algebra, stage):
    bert = worlds.user()
    worlds.enrol(bert, algebra)

    with forced(stage):
        assert check(bert, "course.view", algebra)


def test_nothing_is_said_of_old_and_new_by_such_an_answer(anna, algebra):
    with forced(Stage.SHADOW):
        check(anna, "course.view", algebra)
    shadow.flush()

    assert not Mismatch.objects.exists()
    assert tallied() == {}


def test_a_function_that_fails_gives_nothing_and_takes_no_refusal_away(algebra):
    bert = worlds.user()
    worlds.enrol(bert, algebra)

    @legacy.roles(watch=[])
    def generated(user):
        raise ZeroDivisionError("the host's own fault")

    banned = legacy.table(
        Enrolment, user="student", context="course", role=legacy.refusal(STUDENT), name="banned"
    )
    with registry.override(without_old_checks(generated=generated, banned=banned)):
        held = snapshot_of(subject_of(bert)).legacy_answering()

    assert (held.grants, held.refusals) == ({}, {Context("course", str(algebra.pk))})


def test_facts_that_were_good_before_are_no_escalation_when_a_source_begins_to_fail(algebra):
    """The central facts are fresh, and legacy cannot be read: that is no difference."""
    bert, failing = worlds.user(), []
    worlds.enrol(bert, algebra)

    @legacy.roles(watch=[])
    def generated(user):
        if failing:
            raise ZeroDivisionError("the host's own fault")
        return []

    with registry.override(without_old_checks(generated=generated)), forced(Stage.SHADOW):
        sync(bert)
        failing.append(True)
        assert not check(bert, "course.view", algebra)
        shadow.flush()

    assert not Mismatch.objects.exists()
    assert tallied() == {}
