"""No subject is above the ceiling of the settings."""

import pytest

from authmigration import Stage, conf
from authmigration.rollout import CEILING, stage_of
from authmigration.rollout.overrides import forced
from authmigration.stages import set_stage
from authmigration.subjects import subject_of

pytestmark = pytest.mark.django_db

WHO = {"actor": "test", "reason": "a test"}


def stage(who):
    return stage_of(subject_of(who)).stage


class TestTheCeiling:
    @pytest.mark.parametrize(
        ("ceiling", "found"),
        [("off", Stage.OFF), ("shadow", Stage.SHADOW), ("enforce", Stage.ENFORCE)],
    )
    def test_nobody_is_above_it(self, captures, learner, settings, ceiling, found):
        set_stage("everyone", Stage.ENFORCE, **WHO)

        settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "CEILING": ceiling}

        assert stage(learner) is found

    def test_at_off_nothing_at_all_is_read(self, learner, settings, django_assert_num_queries):
        settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "CEILING": "off"}

        with django_assert_num_queries(0):
            found = stage_of(subject_of(learner))

        assert (found.stage, found.rule) == (Stage.OFF, CEILING)

    def test_a_ceiling_that_is_no_stage_stops_django(self, settings):
        settings.AUTHMIGRATION = {"CEILING": "on"}

        with pytest.raises(Exception, match="'on'; use one of off, shadow, enforce, retired"):
            conf.get()

    def test_a_stage_that_a_test_forces_goes_with_it(self, learner):
        with forced(Stage.SHADOW):
            assert stage(learner) is Stage.SHADOW

        assert stage(learner) is Stage.OFF
