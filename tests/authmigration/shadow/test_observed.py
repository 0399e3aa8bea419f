"""Old and new answers compared while people ask: what counts as a difference, and what does not."""

from datetime import date, timedelta

import pytest

from auth_lib import Effect
from authmigration import (
    Stage,
    assign,
    check,
    filter_queryset,
    legacy,
    pinned,
    registry,
    sampling,
    shadow,
)
from authmigration.decisions import answers
from authmigration.models import Mismatch
from authmigration.rollout.overrides import forced
from authmigration.shadow import recording
from authmigration.snapshots import snapshot_of
from authmigration.subjects import subject_of
from monolith.accounts.models import User
from monolith.courses.authz import STUDENT, TA
from monolith.courses.models import Course, Enrolment
from monolith.gradebook.models import Exercise, Grade
from tests.authmigration import faults, worlds
from tests.authmigration.rows import mark, sync
from tests.authmigration.shadow.comparisons import tallied

pytestmark = pytest.mark.django_db

WHO = {"actor": "test", "reason": "a test"}


@pytest.fixture(autouse=True)
def nothing_waits():
    recording._waiting.take()
    yield
    recording._waiting.take()


@pytest.fixture
def algebra(db):
    return worlds.course(worlds.school())


@pytest.fixture
def learner(algebra):
    anna = worlds.user()
    worlds.enrol(anna, algebra)
    sync(anna)
    return anna


@pytest.fixture
def in_shadow():
    with forced(Stage.SHADOW):
        yield


def kinds():
    shadow.flush()
    return sorted(Mismatch.objects.values_list("kind", "permission"))


def test_equal_answers_make_no_difference(learner, algebra, in_shadow):
    check(learner, "course.view", algebra)
    check(learner, "course.withdraw", algebra)

    assert kinds() == []
    assert tallied() == {"equal": 2}


def test_a_flaw_of_the_old_code_is_an_intended_difference(algebra, in_shadow):
    teacher = worlds.user(is_teacher=True)
    sync(teacher)

    assert check(teacher, "course.edit", algebra)
    assert kinds() == [("intended", "course.edit")]
    assert "F01" in Mismatch.objects.get().reason


def test_a_fault_of_the_policy_is_an_escalation_with_the_line_it_comes_from(learner, algebra):
    with registry.override(faults.students_may_edit()), forced(Stage.SHADOW):
        sync(learner)

        assert not check(learner, "course.edit", algebra)

        assert kinds() == [("escalation", "course.edit")]
    row = Mismatch.objects.get()
    assert row.origin.startswith(f"{faults.HERE}:")
    assert row.example["roles"] == ["student"]


def test_a_permission_forgotten_in_the_policy_is_a_lockout_from_the_old_check(algebra):
    teacher = worlds.user(is_teacher=True)
    Course.objects.update(owner=teacher)
    algebra.refresh_from_db()
    with registry.override(faults.teachers_may_not_withdraw()), forced(Stage.SHADOW):
        sync(teacher)

        assert check(teacher, "course.withdraw", algebra)

        assert kinds() == [("lockout", "course.withdraw")]
    assert Mismatch.objects.get().origin.startswith("monolith/courses/authz.py:")


def test_native_grants_are_no_difference(learner, algebra, in_shadow):
    assign(learner, TA, algebra, **WHO)
    exercise = Exercise.objects.create(course=algebra, title="one")
    grade = Grade.objects.create(exercise=exercise, student=learner, points=1)
    sync(learner)

    assert not check(learner, "grade.edit", grade)
    assert kinds() == []
    assert tallied() == {"equal": 1}


def test_native_refusals_are_no_difference(learner, algebra, in_shadow):
    assign(learner, STUDENT, algebra, effect=Effect.REFUSE, **WHO)
    sync(learner)

    assert check(learner, "course.view", algebra)
    assert kinds() == []


def race(learner, algebra):
    """Ask by pinned facts what the old check answers from the tables as they are now."""
    with pinned() as pin:
        snapshot_of(subject_of(learner))
        before = dict(pin.snapshots)
        Enrolment.objects.update(status="withdrawn")
        sync(learner)
        pin.snapshots.update(before)  # it was another process that followed the change
        check(learner, "course.view", algebra)


def test_a_change_between_two_looks_is_a_race_and_no_difference(learner, algebra, in_shadow):
    race(learner, algebra)

    assert kinds() == []
    assert tallied() == {"raced": 1}


def test_without_the_second_look_the_race_would_count(learner, algebra, in_shadow, monkeypatch):
    def looked_at_once(subject, permission, target):
        return answers._pair(snapshot_of(subject), permission, target, None)

    monkeypatch.setattr(answers, "_pair_again", looked_at_once)

    race(learner, algebra)

    assert kinds() == [("escalation", "course.view")]


def test_whoever_is_stale_is_not_compared(learner, algebra, in_shadow):
    mark(learner)

    check(learner, "course.view", algebra)

    assert tallied() == {}


def test_a_list_is_compared_as_a_set(learner, algebra, in_shadow):
    worlds.course(algebra.school)

    assert list(filter_queryset(learner, "course.view", Course.objects.all())) == [algebra]
    assert kinds() == []
    assert tallied() == {"equal": 1}


def test_a_list_that_was_too_long_is_an_intended_difference(algebra, in_shadow):
    teacher, learner = worlds.user(is_teacher=True), worlds.user()
    exercise = Exercise.objects.create(course=algebra, title="one")
    grade = Grade.objects.create(exercise=exercise, student=learner, points=1)
    sync(teacher)

    assert list(filter_queryset(teacher, "grade.view", Grade.objects.all())) == [grade]
    assert kinds() == [("intended", "grade.view")]


@legacy.list("course.edit")
def no_courses(user):
    return Course.objects.none()


def test_a_list_that_grows_is_an_escalation(learner, algebra):
    with registry.override(faults.students_may_edit(listed=no_courses)), forced(Stage.SHADOW):
        sync(learner)

        assert list(filter_queryset(learner, "course.edit", Course.objects.all())) == []
        assert kinds() == [("escalation", "course.edit")]


def test_a_candidate_that_breaks_leaves_the_answer(learner, algebra, in_shadow, monkeypatch):
    def broken(*given):
        raise ZeroDivisionError

    monkeypatch.setattr(answers, "candidate", broken)

    assert check(learner, "course.view", algebra)
    assert tallied() == {"failed": 1}


def test_a_lineage_that_breaks_leaves_the_answer(learner, algebra, in_shadow, monkeypatch):
    """At shadow only the comparison walks a lineage: the old check knows of none."""

    def broken(*given):
        raise ZeroDivisionError

    monkeypatch.setattr(answers.Target, "lineage", broken)

    assert check(learner, "course.view", algebra)
    assert tallied() == {"failed": 1}


class TestSampling:
    def test_a_subject_is_compared_all_day_or_not_at_all(self):
        day = date(2030, 1, 1)
        subjects = [str(number) for number in range(2000)]

        chosen = {s for s in subjects if sampling.is_sampled(s, 0.1, day)}

        assert chosen == {s for s in subjects if sampling.is_sampled(s, 0.1, day)}
        assert 150 < len(chosen) < 250

    def test_a_larger_share_loses_nobody(self):
        day = date(2030, 1, 1)
        subjects = [str(number) for number in range(500)]

        few = {s for s in subjects if sampling.is_sampled(s, 0.1, day)}
        many = {s for s in subjects if sampling.is_sampled(s, 0.3, day)}

        assert few < many

    def test_another_day_has_others(self):
        day = date(2030, 1, 1)
        subjects = [str(number) for number in range(500)]

        one, two = (
            {s for s in subjects if sampling.is_sampled(s, 0.1, each)}
            for each in (day, day + timedelta(days=1))
        )

        assert one != two

    @pytest.mark.parametrize(("share", "compared"), [(0, {}), (1, {"equal": 1})])
    @pytest.mark.parametrize(
        ("stage", "option"),
        [(Stage.SHADOW, "SHADOW_SAMPLE"), (Stage.ENFORCE, "ENFORCE_SAMPLE")],
    )
    def test_each_stage_has_its_share(
        self, learner, algebra, settings, stage, option, share, compared
    ):
        settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, option: share}
        with forced(stage):
            check(learner, "course.view", algebra)

        assert tallied() == compared

    def test_at_off_nothing_is_compared(self, learner, algebra):
        check(learner, "course.view", algebra)

        assert tallied() == {}
        assert User.objects.count() == 1
