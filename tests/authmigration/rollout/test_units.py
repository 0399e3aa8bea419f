"""The units of many are looked up together, and only where a rule needs them."""

import pytest

from authmigration import Stage, pinned, prefetch
from authmigration.rollout import stages_of, units
from authmigration.stages import set_stage
from authmigration.subjects import subject_of
from monolith.schools.models import School
from tests.authmigration import worlds

pytestmark = pytest.mark.django_db

WHO = {"actor": "test", "reason": "a test"}
ASKED = []


def of_one(subject):
    ASKED.append([subject])
    return (f"school:{int(subject) % 2}",)


def of_many(subjects):
    ASKED.append(subjects)
    return {subject: (f"school:{int(subject) % 2}",) for subject in subjects}


@pytest.fixture
def people(settings):
    ASKED.clear()
    units.forget()
    here = f"{__name__}"
    settings.AUTHMIGRATION = {
        **settings.AUTHMIGRATION,
        "UNIT_OF": f"{here}.of_one",
        "UNITS_OF_MANY": f"{here}.of_many",
    }
    School.objects.create(pk=1, name="north")
    return [worlds.user() for _ in range(4)]


def ids(people):
    return [str(person.pk) for person in people]


def test_a_prefetch_asks_for_all_at_once(people):
    set_stage("school:1", Stage.SHADOW, **WHO)
    ASKED.clear()
    units.forget()

    with pinned():
        prefetch(people)

    assert [ids(people)] == ASKED


def test_each_gets_its_own(people):
    set_stage("school:1", Stage.SHADOW, **WHO)

    found = stages_of([subject_of(person) for person in people])

    wanted = {s: Stage.SHADOW if int(s) % 2 else Stage.OFF for s in ids(people)}
    assert {subject: staged.stage for subject, staged in found.items()} == wanted


def test_whoever_is_known_is_not_asked_for_again(people):
    set_stage("school:1", Stage.SHADOW, **WHO)
    stages_of([subject_of(people[0])])
    ASKED.clear()
    units.forget(str(people[1].pk))

    stages_of([subject_of(person) for person in people[:2]])

    assert [[str(people[1].pk)]] == ASKED


def test_nobody_is_asked_for_where_no_rule_speaks_of_units(people):
    set_stage("everyone", Stage.SHADOW, **WHO)
    ASKED.clear()
    units.forget()

    stages_of([subject_of(person) for person in people])

    assert ASKED == []


def test_one_alone_is_asked_for_alone(people):
    assert units.of(str(people[0].pk)) == units.of(str(people[0].pk))
    assert [[str(people[0].pk)]] == ASKED
