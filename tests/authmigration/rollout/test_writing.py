"""The rules of the stages are written from the rows as they are, not as they were a second ago."""

import pytest

from authmigration.rollout import Stage, flags, writing
from authmigration.rollout.flags import ENFORCE, SHADOW
from authmigration.subjects import ANONYMOUS
from authmigration.trail import Authorship
from feature_flags import set_percentage

BY = Authorship("tests", "a test")


@pytest.mark.django_db(transaction=True)
def test_a_cohort_is_raised_and_lowered_within_one_second():
    for stage in (Stage.SHADOW, Stage.ENFORCE, Stage.SHADOW, Stage.ENFORCE, Stage.OFF):
        writing.write_stage("everyone", stage, BY)
        assert writing.stage_of_cohort("everyone") is stage


@pytest.mark.django_db(transaction=True)
def test_a_higher_percentage_of_shadow_stays_when_enforce_gets_a_lower_one():
    writing.write_stage("50%", Stage.SHADOW, BY)
    writing.write_stage("25%", Stage.ENFORCE, BY)
    snapshot = flags.current_snapshot()
    assert [r.cohort.basis_points for r in snapshot.rules(SHADOW)] == [5_000]
    assert [r.cohort.basis_points for r in snapshot.rules(ENFORCE)] == [2_500]


@pytest.mark.django_db(transaction=True)
def test_no_percentage_reaches_somebody_anonymous():
    set_percentage(SHADOW, 9_999, actor="tests", reason="nearly all")
    assert flags.stage_of(ANONYMOUS).stage is Stage.OFF
    writing.write_stage("everyone", Stage.SHADOW, BY)
    assert flags.stage_of(ANONYMOUS).stage is Stage.SHADOW
