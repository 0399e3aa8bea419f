"""Progress by rollout cohort."""

import pytest
from django.contrib.auth.models import Group

from authmigration import progress, trail
from authmigration.progress import Counts, cohorts
from authmigration.rollout import Stage, writing
from feature_flags import create_cohort
from tests.authmigration import worlds

from .states import migrate

pytestmark = pytest.mark.django_db
BY = trail.Authorship("test", "a test")


def at(cohort, stage):
    writing.write_stage(cohort, stage, BY)


@pytest.fixture
def school():
    """A school with one member who was migrated and one who was not."""
    school = worlds.school()
    seen, unseen = worlds.user(), worlds.user()
    for person in (seen, unseen):
        worlds.enrol(person, worlds.course(school))
    migrate(seen)
    return school


HALF = Counts(total=2, migrated=1, unmigrated=1)


def test_each_cohort_counts_its_members_at_its_highest_stage(school):
    registrar = worlds.user()
    worlds.registrar(registrar)
    at("everyone", Stage.SHADOW)
    at(f"unit:school:{school.pk}", Stage.ENFORCE)
    at("group:registrars", Stage.ENFORCE)
    at(f"subject:{registrar.pk}", Stage.SHADOW)

    found = {each.cohort: each for each in progress.cohort_progress()}

    assert found["everyone"].counts == Counts(total=3, migrated=1, unmigrated=2)
    assert found[f"school:{school.pk}"] == (f"school:{school.pk}", "enforce", HALF, "")
    assert found["group:registrars"].counts == Counts(total=1, unmigrated=1)
    assert found[f"user:{registrar.pk}"].counts == Counts(total=1, unmigrated=1)


def test_a_cohort_of_several_units_counts_somebody_in_two_of_them_once(school):
    other = worlds.school()
    create_cohort(
        "pilot",
        "unit",
        {"units": [f"school:{school.pk}", f"school:{other.pk}"]},
        actor="test",
        reason="test",
    )
    at("pilot", Stage.SHADOW)
    both = worlds.user()
    for each in (school, other):
        worlds.enrol(both, worlds.course(each))

    assert progress.cohort_progress()[0].counts == Counts(total=3, migrated=1, unmigrated=2)


def test_a_percentage_says_how_many_units_are_in_it():
    for _ in range(20):
        worlds.school()
    at("25%", Stage.ENFORCE)
    inside = sum(each.stage == "enforce" for each in progress.unit_progress())

    (found,) = progress.cohort_progress()

    assert found == ("25%", "enforce", None, f"{inside} of 20 units")
    assert 0 < inside < 20


@pytest.mark.parametrize("cohort", ["25%", "unit:school:1"])
def test_without_units_named_nothing_is_guessed(settings, cohort):
    settings.AUTHMIGRATION = {}
    at(cohort, Stage.SHADOW)

    assert progress.cohort_progress()[0][2:] == (None, "not counted")


def test_an_attribute_is_not_counted():
    create_cohort(
        "germans", "attribute", {"name": "country", "values": ["DE"]}, actor="t", reason="t"
    )
    at("germans", Stage.SHADOW)

    assert progress.cohort_progress() == (("germans", "shadow", None, "not counted"),)


def test_only_so_many_cohorts_are_counted(monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(cohorts, "MOST_COUNTED", 2)
    for number in range(4):
        Group.objects.create(name=f"g{number}")
        at(f"group:g{number}", Stage.SHADOW)

    with django_assert_max_num_queries(20):
        found = progress.cohort_progress()

    assert [each.counts is not None for each in found] == [True, True, False, False]
