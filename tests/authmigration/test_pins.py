"""One snapshot of a subject for a unit of work, and when it is dropped."""

import asyncio
import threading

import pytest

from auth_lib import Effect
from authmigration import Stage, assign, check, pinned, pins
from authmigration.rollout import stage_of, writing
from authmigration.rollout.overrides import forced
from authmigration.snapshots import snapshot_of
from authmigration.stages import set_stage
from authmigration.subjects import subject_of
from authmigration.trail import Authorship
from monolith.courses.authz import STUDENT, TA
from monolith.courses.models import Enrolment
from tests.authmigration import worlds
from tests.authmigration.rows import mark, sync

pytestmark = pytest.mark.django_db

WHO = {"actor": "test", "reason": "a test"}


@pytest.fixture
def algebra(db):
    return worlds.course(worlds.school())


@pytest.fixture
def learner(algebra):
    anna = worlds.user()
    worlds.enrol(anna, algebra)
    sync(anna)
    with forced(Stage.ENFORCE):
        yield anna


def change_elsewhere(who):
    """End the enrolment and follow that, as another process would, which drops no pin of ours."""
    pin = pins.current()
    kept = dict(pin.snapshots) if pin is not None else {}
    Enrolment.objects.update(status="withdrawn")
    mark(who)
    sync(who)
    if pin is not None:
        pin.snapshots.update(kept)


def test_a_unit_of_work_goes_on_as_it_began(learner, algebra):
    with pinned():
        check(learner, "course.view", algebra)
        change_elsewhere(learner)

        assert check(learner, "course.view", algebra)
    assert not check(learner, "course.view", algebra)


def test_what_one_has_synchronised_oneself_is_seen_at_once(learner, algebra):
    with pinned():
        before = bool(check(learner, "course.view", algebra))
        Enrolment.objects.update(status="withdrawn")
        sync(learner)

        assert (before, bool(check(learner, "course.view", algebra))) == (True, False)


def test_without_a_pin_each_question_sees_what_is_there(learner, algebra):
    check(learner, "course.view", algebra)
    change_elsewhere(learner)

    assert not check(learner, "course.view", algebra)


def test_a_block_within_another_joins_it(learner, algebra):
    with pinned():
        check(learner, "course.view", algebra)
        with pinned():
            change_elsewhere(learner)
            assert check(learner, "course.view", algebra)


def test_a_pin_that_has_grown_too_old_is_read_anew(learner, algebra, monkeypatch):
    with pinned() as pin:
        check(learner, "course.view", algebra)
        change_elsewhere(learner)
        monkeypatch.setattr(pin, "deadline", pin.deadline - 61)

        assert not check(learner, "course.view", algebra)
        assert pin.deadline > 0


def test_the_age_of_a_pin_is_a_setting(settings):
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "PIN_SECONDS": 5}

    assert 0 < pins.Pin().deadline - pins.time.monotonic() <= 5


def test_ones_own_change_of_one_subject_leaves_the_others_pinned(learner, algebra):
    other = worlds.user()
    with pinned() as pin:
        for who in (learner, other):
            snapshot_of(subject_of(who))
        assign(other, TA, algebra, **WHO)

        assert list(pin.snapshots) == [str(learner.pk)]


def test_a_decision_that_was_kept_goes_with_the_snapshot_it_was_made_from(learner, algebra):
    with pinned():
        assert check(learner, "course.withdraw", algebra).reason == "no_role"
        assign(learner, STUDENT, algebra, effect=Effect.REFUSE, **WHO)

        assert check(learner, "course.withdraw", algebra).reason == "refused"


def test_a_unit_of_work_is_ones_own(learner):
    seen = []
    with pinned() as pin:
        thread = threading.Thread(target=lambda: seen.append(pins.current()))
        thread.start()
        thread.join()

        async def task():
            with pinned() as inner:
                return inner

        joined = asyncio.run(task())

    assert seen == [None]
    assert joined is pin
    assert pins.current() is None


def test_a_task_is_no_higher_than_its_sender_was(db):
    anna = worlds.user()
    set_stage("everyone", Stage.SHADOW, **WHO)

    with pinned() as pin:
        before = stage_of(subject_of(anna)).stage
        pin.ceilings[str(anna.pk)] = "off"

        assert (before, stage_of(subject_of(anna)).stage) == (Stage.SHADOW, Stage.OFF)


def test_dropping_outside_of_a_unit_of_work_is_nothing():
    pins.drop()
    pins.drop("7")

    assert pins.current() is None


def test_what_is_dropped_is_forgotten_but_for_the_ceilings(learner):
    with pinned() as pin:
        pin.ceilings["7"] = "shadow"
        snapshot_of(subject_of(learner))
        pins.drop()

        assert (pin.snapshots, pin.ceilings) == ({}, {"7": "shadow"})


def test_a_flag_that_flips_counts_from_the_next_unit_of_work_on(db):
    """Set by another process, which drops no pin of ours."""
    anna, course = worlds.user(), worlds.course(worlds.school())
    author = Authorship("test", "a test")
    writing.write_stage("everyone", Stage.SHADOW, author)

    with pinned():
        before = check(anna, "course.view", course).stage
        writing.write_stage("everyone", Stage.OFF, author)
        same = check(anna, "course.view", course).stage

    assert (before, same) == ("shadow", "shadow")
    assert check(anna, "course.view", course).stage == "off"
