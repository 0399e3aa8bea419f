"""Users by state, and units by state."""

import uuid

import pytest
from django.db import connection
from django.db.models import Field, UUIDField

from authmigration import progress
from authmigration.models import ChangeMark, SubjectState
from authmigration.progress import counting
from tests.authmigration import worlds

from .states import mark, migrate, one_in_each_state, update

pytestmark = pytest.mark.django_db


def test_everybody_is_counted_in_one_state():
    one_in_each_state()

    counts = progress.everybody()

    assert counts.by_state() == dict.fromkeys(progress.STATES, 1)
    assert counts.total == 6
    assert counts.moved == 2


def test_a_platform_without_users_counts_nobody():
    assert progress.everybody() == progress.Counts()


def test_somebody_marked_twice_is_stale_once():
    someone = worlds.user()
    migrate(someone)
    mark(someone)
    mark(someone)

    assert progress.everybody().stale == 1


def test_a_change_that_names_nobody_makes_everybody_stale_who_was_migrated_before():
    migrate(worlds.user(), worlds.user())
    ChangeMark.objects.create(subject="", source="a renamed group")
    migrate(worlds.user())

    counts = progress.everybody()

    assert (counts.stale, counts.migrated) == (2, 1)


def test_whoever_was_migrated_under_other_declarations_is_stale():
    someone = worlds.user()
    migrate(someone)
    update(someone, mapping_hash="another")

    assert progress.everybody().stale == 1


def test_the_state_of_a_deleted_user_is_not_counted():
    migrate(gone := worlds.user(), worlds.user())
    gone.delete()

    assert SubjectState.objects.count() == 2
    assert progress.everybody().total == progress.everybody().migrated == 1


def test_the_state_of_a_service_is_not_counted():
    migrate(worlds.user())
    SubjectState.objects.create(
        subject="service:payments", mapping_hash="x", mapping_version=1, epoch=0
    )

    assert progress.everybody().total == 1


def test_whoever_holds_more_contexts_than_allowed_is_counted_beside_the_state(settings):
    one_in_each_state()
    settings.AUTHMIGRATION = {"MAX_CONTEXTS": 1}

    assert progress.everybody().over_limit == 1


def test_the_retired_are_counted_alone():
    one_in_each_state()

    assert progress.retired() == 1


def test_each_unit_counts_its_own_members_and_somebody_in_two_counts_twice():
    people = one_in_each_state()
    ids = {name: str(person.pk) for name, person in people.items()}

    found = progress.of_units(
        {
            "school:1": [ids["migrated"], ids["stale"], ids["stale"]],
            "school:2": {ids["migrated"], ids["unmigrated"]},
            "school:3": (),
        }
    )

    assert found["school:1"] == progress.Counts(total=2, migrated=1, stale=1)
    assert found["school:2"] == progress.Counts(total=2, migrated=1, unmigrated=1)
    assert found["school:3"] == progress.Counts()


def test_counting_costs_one_statement_however_many_users_and_units(django_assert_num_queries):
    members = {f"school:{number}": [str(number), "7"] for number in range(40)}
    migrate(*(worlds.user() for _ in range(30)))

    with django_assert_num_queries(2):
        progress.everybody()
        progress.of_units(members)


def test_the_key_of_a_user_is_text_as_python_writes_it():
    key = uuid.uuid4()
    field: Field = UUIDField()
    stored = field.get_db_prep_value(key, connection)

    sql = counting._as_text("given.key", field, connection)
    cast = "%s::uuid" if connection.vendor == "postgresql" else "%s"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql} FROM (SELECT {cast} AS key) given", [stored])
        assert cursor.fetchone()[0] == str(key)
