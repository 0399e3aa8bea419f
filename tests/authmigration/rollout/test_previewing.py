"""What a preview says is what setting the stage then does."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

import pytest
from django.contrib.auth.models import Group
from django.db import transaction

from authmigration import trail
from authmigration.rollout import Stage, previewing, stage_of, writing
from authmigration.rollout.flags import FLAGS
from authmigration.subjects import subject_of
from feature_flags import current_snapshot
from monolith.accounts.models import User
from tests.authmigration import worlds

pytestmark = pytest.mark.django_db
BY = trail.Authorship("test", "a test")
COHORTS = ("everyone", "25%", "unit:school:1", "group:registrars", "subject:9")
STAGES = tuple(Stage)


def rules(snapshot):
    return [sorted(rule.words for rule in snapshot.rules(flag)) for flag in FLAGS.values()]


@contextmanager
def undone() -> Iterator[None]:
    """Take back what is written inside the block."""
    point = transaction.savepoint()
    yield
    transaction.savepoint_rollback(point)


@pytest.mark.parametrize("cohort", COHORTS)
def test_the_snapshot_of_a_preview_is_that_of_the_written_stage(cohort):
    writing.write_stage("50%", Stage.SHADOW, BY)
    for before, after in product(STAGES, STAGES):
        with undone():
            writing.write_stage(cohort, before, BY)
            predicted = previewing.with_stage(current_snapshot(), cohort, after)
            writing.write_stage(cohort, after, BY)

            assert rules(predicted) == rules(current_snapshot()), (before, after)


def test_the_snapshot_of_a_preview_is_that_of_the_written_cap():
    writing.write_stage("everyone", Stage.RETIRED, BY)
    for before, after in product(STAGES, STAGES):
        with undone():
            cap(before)
            predicted = previewing.with_cap(current_snapshot(), "25%", after)
            cap(after)

            assert rules(predicted) == rules(current_snapshot()), (before, after)


def cap(stage: Stage) -> None:
    writing.uncap("25%", BY)
    if stage is not Stage.RETIRED:
        writing.cap("25%", stage, BY)


def people_at(stage: Stage) -> int:
    return sum(stage_of(subject_of(user)).stage.rank >= stage.rank for user in User.objects.all())


@pytest.fixture
def three_schools():
    schools = [worlds.school() for _ in range(3)]
    for school in schools:
        for _ in range(2):
            worlds.enrol(worlds.user(), worlds.course(school))
    worlds.user()
    return schools


def test_a_unit_and_its_people_go_on_and_whoever_is_in_no_unit_is_told_apart(three_schools):
    unit = f"school:{three_schools[0].pk}"

    alone = previewing.flips_of_stage(f"unit:{unit}", Stage.ENFORCE)
    everybody = previewing.flips_of_stage("everyone", Stage.SHADOW)

    assert (alone[Stage.ENFORCE].on, alone[Stage.ENFORCE].units_on) == (2, {unit})
    assert (everybody[Stage.SHADOW].on, everybody[Stage.SHADOW].alone_on) == (7, 1)
    assert len(everybody[Stage.SHADOW].units_on) == 3
    assert everybody[Stage.ENFORCE].on == 0


def test_what_goes_on_and_what_goes_off_add_up_to_what_is_there_afterwards(three_schools):
    writing.write_stage("everyone", Stage.ENFORCE, BY)
    before = people_at(Stage.ENFORCE)

    flips = previewing.flips_of_stage("everyone", Stage.SHADOW)[Stage.ENFORCE]
    writing.write_stage("everyone", Stage.SHADOW, BY)

    assert (flips.off, flips.on, flips.stays_on) == (before, 0, 0)
    assert len(flips.units_off) == 3
    assert people_at(Stage.ENFORCE) == before - flips.off == 0


def test_a_hold_turns_a_unit_off_that_a_wider_rule_admits(three_schools):
    writing.write_stage("everyone", Stage.ENFORCE, BY)
    unit = f"school:{three_schools[1].pk}"

    flips = previewing.flips_of_cap(f"unit:{unit}", Stage.SHADOW)

    assert (flips[Stage.ENFORCE].off, flips[Stage.ENFORCE].units_off) == (2, {unit})
    assert flips[Stage.SHADOW].off == 0


def test_a_group_is_previewed_without_a_query_for_each_person(
    three_schools, django_assert_max_num_queries
):
    for user in User.objects.all()[:3]:
        user.groups.add(Group.objects.get_or_create(name="registrars")[0])

    with django_assert_max_num_queries(60):
        assert previewing.flips_of_stage("group:registrars", Stage.SHADOW)[Stage.SHADOW].on == 3
    worlds.user()
    User.objects.bulk_create(User(username=f"bulk{number}") for number in range(200))
    with django_assert_max_num_queries(60):
        assert previewing.flips_of_stage("group:registrars", Stage.SHADOW)[Stage.SHADOW].on == 3


def test_with_units_named_the_host_is_not_asked_for_each_person(three_schools, settings):
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "UNIT_OF": f"{__name__}.never"}
    unit = f"unit:school:{three_schools[0].pk}"

    assert previewing.flips_of_stage(unit, Stage.SHADOW)[Stage.SHADOW].on == 2
    assert not previewing.asks_one_by_one()


def test_without_units_named_each_person_is_asked_for_where_a_rule_needs_it(
    three_schools, settings
):
    settings.AUTHMIGRATION = {"UNIT_OF": settings.AUTHMIGRATION["UNIT_OF"]}
    unit = f"unit:school:{three_schools[0].pk}"

    assert previewing.asks_one_by_one()
    assert previewing.flips_of_stage(unit, Stage.SHADOW)[Stage.SHADOW].on == 2


def test_without_units_named_nobody_is_asked_where_no_rule_needs_it(three_schools, settings):
    settings.AUTHMIGRATION = {"UNIT_OF": f"{__name__}.never"}

    assert previewing.flips_of_stage("everyone", Stage.SHADOW)[Stage.SHADOW].on == 7


def never(subject: str) -> tuple[str, ...]:
    raise LookupError(f"asked for the units of {subject}")
