"""Parity says how old and new differ, and lets what is declared or vouched for pass."""

from datetime import date, timedelta

import pytest

from authmigration import Stage, legacy, parity, registry
from authmigration.rollout.overrides import forced
from tests.authmigration import faults, worlds
from tests.authmigration.rows import sync

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = date.today()  # noqa: DTZ011 -- a day of the calendar in which people plan


@pytest.fixture
def learner(db):
    anna = worlds.user()
    worlds.enrol(anna, worlds.course(worlds.school()))
    return anna


def measured(learner, **more):
    with registry.override(faults.students_may_edit(**more)), forced(Stage.SHADOW):
        sync(learner)
        return parity.decisions(subjects=5, objects=5)


def test_an_escalation_is_named_and_breaks_parity(learner):
    found = measured(learner)

    assert not found.holds
    assert found.kinds["escalation"] == 1
    assert "course.edit" in found.examples[0]


@pytest.mark.parametrize(("days", "holds"), [(0, True), (-1, False)])
def test_what_is_vouched_for_today_passes(learner, days, holds):
    until = TODAY + timedelta(days=days)

    found = measured(learner, vouched=legacy.expected("course.edit", reason="May", until=until))

    assert found.holds is holds
    assert found.kinds["expected" if holds else "escalation"] == 1
