"""Every flaw of the table: closed at enforce or left open, and the closing seen in shadow."""

import pytest

from authmigration.testing import at_stage
from tests.monolith import test_flaws, test_flaws_of_courses, test_flaws_of_grades
from tests.monolith.exploiting import assert_intended, everybody_in_shadow

platform = test_flaws_of_grades.platform
"""With what is handed in, paid and said; the older flaws are tried there as well."""

EXPLOITED = (test_flaws, test_flaws_of_courses, test_flaws_of_grades)
CLOSED = {flaw: how for module in EXPLOITED for flaw, how in module.CLOSED.items()}
LEFT_OPEN = {flaw: how for module in EXPLOITED for flaw, how in module.LEFT_OPEN.items()}


def test_every_flaw_of_the_table_is_tried_once():
    tried = [flaw for module in EXPLOITED for flaw in (*module.CLOSED, *module.LEFT_OPEN)]

    assert sorted(tried) == [flaw for flaw, *_ in test_flaws.FLAWS]


@pytest.mark.parametrize("flaw", CLOSED)
def test_a_converted_view_is_closed_at_enforce(platform, flaw):
    exploit, _ = CLOSED[flaw]
    with at_stage("enforce"):
        assert not exploit(platform)


@pytest.mark.parametrize("flaw", LEFT_OPEN)
def test_a_view_that_is_not_converted_or_asks_about_another_object_stays_open(platform, flaw):
    with at_stage("enforce"):
        assert LEFT_OPEN[flaw](platform)


@pytest.mark.parametrize("flaw", CLOSED)
def test_the_closing_shows_in_shadow_as_an_intended_difference(platform, flaw):
    exploit, permission = CLOSED[flaw]
    with everybody_in_shadow(platform):
        assert exploit(platform)
    assert_intended(flaw, permission)
