"""Progress unit by unit, page by page."""

import pytest

from authmigration import progress, trail
from authmigration.progress import units
from authmigration.rollout import Stage, writing
from tests.authmigration import worlds

from .states import migrate

pytestmark = pytest.mark.django_db
BY = trail.Authorship("test", "a test")


def test_a_unit_shows_its_stage_and_its_members_by_state():
    school, other = worlds.school(), worlds.school()
    seen, unseen = worlds.user(), worlds.user()
    worlds.enrol(seen, worlds.course(school))
    worlds.enrol(unseen, worlds.course(school))
    migrate(seen)
    writing.write_stage("everyone", Stage.SHADOW, BY)
    writing.write_stage(f"unit:school:{school.pk}", Stage.ENFORCE, BY)

    mine, theirs = progress.unit_progress()

    assert (mine.unit, mine.stage) == (f"school:{school.pk}", "enforce")
    assert mine.counts == progress.Counts(total=2, migrated=1, unmigrated=1)
    assert (theirs.unit, theirs.stage, theirs.counts.total) == (f"school:{other.pk}", "shadow", 0)


def test_the_stage_of_a_unit_is_never_above_the_ceiling(settings):
    worlds.school()
    writing.write_stage("everyone", Stage.ENFORCE, BY)
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "CEILING": "shadow"}

    assert [each.stage for each in progress.unit_progress()] == ["shadow"]


@pytest.mark.parametrize("option", ["UNITS", "MEMBERS_OF"])
def test_without_one_of_the_two_options_no_unit_is_shown(settings, option):
    worlds.school()
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, option: None}

    assert progress.unit_progress() == ()
    assert progress.page_of_units(1).total == 0


def test_a_page_holds_some_units_and_the_next_page_the_others():
    schools = [worlds.school() for _ in range(units.PAGE + 2)]

    first, second = progress.page_of_units(1), progress.page_of_units(2)

    shown = [each.unit for each in (*first.rows, *second.rows)]
    assert shown == [f"school:{school.pk}" for school in schools]
    assert (first.pages, first.total, len(second.rows)) == (2, units.PAGE + 2, 2)


@pytest.mark.parametrize(("asked", "given"), [(-3, 1), (0, 1), (99, 2)])
def test_a_page_that_does_not_exist_is_the_nearest_one(asked, given):
    for _ in range(units.PAGE + 1):
        worlds.school()

    assert progress.page_of_units(asked).number == given
