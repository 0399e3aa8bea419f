"""``at_stage``: a stage for everybody, for the length of a block."""

import threading
import urllib.request

import pytest

from authmigration import Stage, assign, check, counters, pinned
from authmigration.errors import UnknownStage
from authmigration.rollout import overrides
from authmigration.testing import assert_allowed, assert_denied, at_stage, with_role
from monolith.courses.authz import TA, TEACHER
from tests.authmigration import worlds

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("stage", "world"),
    [("off", "legacy"), ("shadow", "legacy"), ("enforce", "central"), ("retired", "central")],
)
def test_a_stage_holds_for_everybody(who, course, stage, world):
    with at_stage(stage):
        decision = check(who, "course.edit", course)

    assert (decision.stage, decision.world) == (stage, world)


def test_a_stage_may_be_given_as_such(who, course):
    with at_stage(Stage.ENFORCE):
        assert check(who, "course.view", course).stage is Stage.ENFORCE


def test_legacy_rows_are_followed_without_triggers(who, course):
    with at_stage("enforce"):
        assert_denied(who, "course.view", course)
        row = worlds.enrol(who, course)
        assert_allowed(who, "course.view", course)
        row.delete()
        assert_denied(who, "course.view", course)


def test_native_facts_count(who, course):
    assign(who, TA, course, actor="tests", reason="a test")

    with at_stage("enforce"):
        assert_allowed(who, "grade.edit", course)


@pytest.mark.parametrize(("stage", "compared"), [("shadow", True), ("enforce", False)])
def test_only_shadow_compares_whatever_the_sample_of_the_day(course, settings, stage, compared):
    settings.AUTHMIGRATION = {"ENFORCE_SAMPLE": 1.0}
    any_teacher = worlds.user(is_teacher=True)

    with at_stage(stage):
        check(any_teacher, "course.edit", course)

    labels = {label for name, label in counters._tallies.counts if name == "checks"}
    assert labels == ({"intended"} if compared else set())


def test_the_ceiling_is_above_nothing_here(who, course, settings):
    settings.AUTHMIGRATION = {"CEILING": "off"}

    with at_stage("enforce"):
        assert check(who, "course.view", course).world == "central"


def test_the_inner_stage_holds_and_the_outer_one_again_after_it(who, course):
    with at_stage("enforce"), pinned():
        with at_stage("off"):
            assert check(who, "course.view", course).stage == "off"
        assert check(who, "course.view", course).stage == "enforce"


def test_another_thread_sees_it(who, course):
    seen = []

    def look():
        seen.append(overrides.stage_for(str(who.pk)))

    with at_stage("enforce"):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    assert seen == [(Stage.ENFORCE, "at_stage")]


def test_nothing_is_left_after_an_exception(who, course):
    with pytest.raises(ZeroDivisionError), at_stage("enforce"):
        raise ZeroDivisionError

    assert check(who, "course.view", course).stage == "off"


def test_a_stage_that_does_not_exist_is_an_error_at_once():
    with pytest.raises(UnknownStage, match="use one of off, shadow, enforce, retired"):
        at_stage("enfroce")


def test_an_unmapped_value_is_not_hidden_from_a_test(who, course):
    worlds.enrol(who, course, kind=99)

    with at_stage("enforce"), pytest.raises(Exception, match="neither mapped nor ignored"):
        check(who, "course.view", course)


@pytest.mark.django_db(transaction=True)
def test_a_live_server_sees_the_stage_and_the_role(live_server, settings):
    settings.ROOT_URLCONF = "tests.authmigration.testing.live"
    course, who = worlds.course(worlds.school()), worlds.user()

    def ask():
        url = f"{live_server.url}/{who.pk}/{course.pk}/"
        return urllib.request.urlopen(url).read().decode()

    with at_stage("enforce"):
        assert ask() == "denied central"
        with with_role(who, TEACHER, course):
            assert ask() == "allowed central"
        assert ask() == "denied central"
