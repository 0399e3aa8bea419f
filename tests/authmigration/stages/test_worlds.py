"""Whose facts decide, and what holds when the central ones may not be used."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from auth_lib import Effect, Reason
from authmigration import (
    Stage,
    assign,
    check,
    filter_queryset,
    is_authorized,
    roles_of,
)
from authmigration.decisions import answers
from authmigration.models import SubjectState
from authmigration.rollout import killing
from authmigration.rollout.overrides import forced
from authmigration.stages import set_stage
from monolith.courses.authz import STUDENT, TA
from monolith.courses.models import Course, Enrolment
from monolith.gradebook.models import Exercise, Grade
from tests.authmigration import worlds
from tests.authmigration.rows import legacy_rows, mark, sync, toolkit_rows

pytestmark = pytest.mark.django_db

WHO = {"actor": "test", "reason": "a test"}


@pytest.fixture
def enforced(learner):
    sync(learner)
    with forced(Stage.ENFORCE):
        yield


@pytest.fixture
def grade(algebra):
    exercise = Exercise.objects.create(course=algebra, title="one")
    return Grade.objects.create(exercise=exercise, student=worlds.user(), points=1)


def world(who, what, permission="course.view"):
    return check(who, permission, what).world


def spoil(who, how):
    """Do to a migrated subject what makes its central facts unusable."""
    states = SubjectState.objects.filter(subject=str(who.pk))
    {
        "unmigrated": states.delete,
        "another mapping": lambda: states.update(mapping_hash="older"),
        "quarantined": lambda: states.update(status="quarantined"),
        "failing": lambda: states.update(status="failing"),
        "a mark": lambda: mark(who),
        "the epoch": lambda: mark(None),
    }[how]()


SPOILT = ["unmigrated", "another mapping", "quarantined", "failing", "a mark", "the epoch"]


@pytest.mark.parametrize(
    ("stage", "found"),
    [(Stage.OFF, "legacy"), (Stage.SHADOW, "legacy"), (Stage.ENFORCE, "central")],
)
def test_the_central_world_decides_from_enforce_on(learner, algebra, stage, found):
    sync(learner)
    with forced(stage):
        assert world(learner, algebra) == found


@pytest.mark.parametrize("how", SPOILT)
def test_facts_that_may_not_be_used_leave_the_answer_to_legacy(learner, algebra, enforced, how):
    """Inside a transaction, where a subject cannot be brought up to date first."""
    spoil(learner, how)

    found = check(learner, "course.view", algebra)

    assert (found.allowed, found.world, found.stage) == (True, "legacy", "enforce")


@pytest.mark.parametrize("how", [h for h in SPOILT if h != "unmigrated"])
def test_no_native_role_vanishes_with_them(learner, algebra, grade, enforced, how):
    assign(learner, TA, algebra, **WHO)
    spoil(learner, how)

    found = check(learner, "grade.edit", grade)

    assert (found.allowed, found.world, found.reason) == (True, "legacy", Reason.NATIVE)
    assert found.because == ("ta", ("course", str(algebra.pk)))
    assert list(filter_queryset(learner, "grade.edit", Grade.objects.all())) == [grade]
    assert is_authorized(learner, "course", algebra.pk, "ta")


@pytest.mark.parametrize("how", [h for h in SPOILT if h != "unmigrated"])
def test_a_native_refusal_holds_against_legacy(learner, algebra, enforced, how):
    assign(learner, STUDENT, algebra, effect=Effect.REFUSE, **WHO)
    spoil(learner, how)

    found = check(learner, "course.view", algebra)

    assert (found.allowed, found.reason) == (False, Reason.REFUSED)
    assert list(filter_queryset(learner, "course.view", Course.objects.all())) == []
    assert not is_authorized(learner, "course", algebra.pk, "student")


def test_without_the_overlay_the_native_role_would_vanish(
    learner, algebra, grade, enforced, monkeypatch
):
    assign(learner, TA, algebra, **WHO)
    mark(learner)
    monkeypatch.setattr(answers, "_overlaid", lambda decision, native: decision)

    assert not check(learner, "grade.edit", grade)


@pytest.mark.parametrize("stage", [Stage.OFF, Stage.SHADOW])
def test_below_enforce_legacy_alone_decides(learner, algebra, grade, stage):
    assign(learner, TA, algebra, **WHO)
    assign(learner, STUDENT, algebra, effect=Effect.REFUSE, **WHO)

    with forced(stage):
        assert not check(learner, "grade.edit", grade)
        assert check(learner, "course.view", algebra)
        assert not is_authorized(learner, "course", algebra.pk, "ta")


def test_what_somebody_holds_is_said_by_the_world_that_decides(learner, algebra):
    assign(learner, TA, algebra, **WHO)
    found = {}
    for stage in (Stage.SHADOW, Stage.ENFORCE):
        with forced(stage):
            found[stage] = {fact.role for fact in roles_of(learner)}

    assert found == {Stage.SHADOW: {"student"}, Stage.ENFORCE: {"student", "ta"}}


@pytest.mark.parametrize("stage", list(Stage)[:3])
def test_somebody_inactive_is_denied_by_facts(learner, algebra, stage):
    """Where an old check is declared it answers as it did before; facts deny."""
    learner.is_active = False
    learner.save()
    sync(learner)
    with forced(stage):
        assert not is_authorized(learner, "course", algebra.pk, "student")


@pytest.mark.parametrize("kind", ["id", "object"])
def test_a_subject_may_be_given_as_an_id(learner, algebra, enforced, kind):
    who = str(learner.pk) if kind == "id" else learner

    assert check(who, "course.view", algebra).world == "central"


def test_a_service_holds_native_facts_and_nothing_in_legacy(algebra, grade):
    assign("service:grader", TA, algebra, **WHO)

    with forced(Stage.ENFORCE):
        assert check("service:grader", "grade.edit", grade)
    assert not check("service:grader", "grade.edit", grade)


def test_what_was_assigned_in_the_new_world_is_there_after_a_kill(captures, learner, biology):
    """Where legacy can hold it, it was written there at the same moment."""
    sync(learner)
    set_stage("everyone", Stage.ENFORCE, **WHO)
    assign(learner, STUDENT, biology, **WHO)

    killing.kill(actor="test", reason="a fire")

    found = check(learner, "course.view", biology)
    assert (found.allowed, found.world) == (True, "legacy")


def decisions(people, courses):
    return [
        [str(check(who, permission, each)) for permission in ("course.view", "course.withdraw")]
        for who in people
        for each in courses
    ]


def test_a_kill_makes_every_answer_legacys_and_moves_nothing(
    captures, learner, north, algebra, biology, grade
):
    assistant, other = worlds.user(), worlds.user()
    worlds.staff(other, north, "secretary")
    assign(assistant, TA, algebra, **WHO)
    assign(learner, STUDENT, algebra, effect=Effect.REFUSE, **WHO)
    people, courses = [learner, assistant, other], [algebra, biology]
    sync(*people)
    set_stage("everyone", Stage.ENFORCE, **WHO)
    before = decisions(people, courses), ta_may(assistant, grade)
    stood = facts_and_states()

    killing.kill(actor="test", reason="a fire")
    killed = {world(who, each) for who in people for each in courses}
    native = ta_may(assistant, grade), bool(check(learner, "course.view", algebra))
    legacy = legacy_rows()
    still = facts_and_states()
    killing.lift(actor="test", reason="put out")

    assert killed == {"legacy"}
    assert native == (False, True)
    assert still == stood
    assert legacy == legacy_rows()
    assert (decisions(people, courses), ta_may(assistant, grade)) == before
    assert before[1] is True


def ta_may(who, grade):
    return bool(check(who, "grade.edit", grade))


def facts_and_states():
    rows = toolkit_rows()
    return {
        name: rows[f"authmigration_{name}"] for name in ("assignment", "subjectstate", "changemark")
    }


def test_a_file_kills_too_and_its_end_lifts(captures, learner, algebra, settings, tmp_path):
    sync(learner)
    set_stage("everyone", Stage.ENFORCE, **WHO)
    path = tmp_path / "kill"
    settings.FEATURE_FLAGS = {**settings.FEATURE_FLAGS, "KILL_FILE": str(path)}
    found = [world(learner, algebra)]
    path.touch()
    found.append(world(learner, algebra))
    path.unlink()
    found.append(world(learner, algebra))

    assert found == ["central", "legacy", "central"]


def test_at_the_ceiling_off_only_the_old_check_asks_the_database(learner, algebra, settings):
    sync(learner)
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "CEILING": "off"}

    with CaptureQueriesContext(connection) as queries:
        assert check(learner, "course.view", algebra)

    assert not [q for q in queries if "authmigration" in q["sql"] or "flag" in q["sql"]]
    assert len(queries) > 0


def test_an_end_comes_without_anybody_writing_anything(learner, algebra, enforced):
    Enrolment.objects.update(ends_at=timezone.now() + timedelta(milliseconds=200))
    sync(learner)
    before = bool(check(learner, "course.view", algebra))
    time.sleep(0.3)

    assert (before, bool(check(learner, "course.view", algebra))) == (True, False)
