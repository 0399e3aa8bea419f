"""A source as a function: its failures, its facts, and what it leaves alone."""

import pytest
from django.db import DatabaseError, connection

from authmigration import legacy
from authmigration.assignments.gathering import facts_of, gather
from authmigration.errors import InvalidLegacyFact
from monolith.accounts.models import User
from tests.authmigration import worlds
from tests.authmigration.legacy.declaring import BOSS, STUDENT, declared

PEOPLE = [legacy.watch(User, user="pk")]
OWN = legacy.table(User, user="pk", role=BOSS, name="own")


@pytest.fixture
def anna(db):
    return worlds.user()


@pytest.fixture
def bert(db):
    return worlds.user()


def generator(function):
    return legacy.roles(watch=PEOPLE)(function)


def read(registry, *people):
    found = gather(registry, [str(each.pk) for each in people], using="default")
    return [found[str(each.pk)] for each in people]


def test_a_generator_is_called_with_the_user(anna):
    @generator
    def everybody(user):
        yield STUDENT.at(user.pk)

    (found,) = read(declared(everybody), anna)

    assert {fact for _, fact in found.facts} == {STUDENT.at(anna.pk)}
    assert list(everybody(anna)) == [STUDENT.at(anna.pk)]


def test_a_failing_generator_leaves_the_other_users(anna, bert):
    @generator
    def picky(user):
        if user == anna:
            raise LookupError("no such row")
        yield STUDENT.at(1)

    failed, well = read(declared(picky, OWN), anna, bert)

    assert isinstance(failed.failure, LookupError)
    assert well.failure is None
    assert {fact for _, fact in well.facts} == {STUDENT.at(1), BOSS.at()}


def test_a_query_that_fails_in_a_generator_leaves_the_transaction_and_the_others(anna, bert):
    @generator
    def broken(user):
        if user == anna:
            with connection.cursor() as cursor:
                cursor.execute("SELECT * FROM no_such_table")
        yield STUDENT.at(1)

    failed, well = read(declared(broken), anna, bert)

    assert isinstance(failed.failure, DatabaseError)
    assert len(well.facts) == 1
    assert User.objects.filter(pk=anna.pk).exists()


def test_a_generator_yields_facts_and_nothing_else(anna):
    @generator
    def careless(user):
        yield ("student", "1")

    (found,) = read(declared(careless), anna)

    with pytest.raises(InvalidLegacyFact, match=r"Yield ROLE\.at\(id\) or ROLE\.refused_at\(id\)"):
        facts_of(found)


def test_a_generator_yields_declared_roles_only(anna):
    @generator
    def misspelt(user):
        yield legacy_role.at(1)

    legacy_role = type(STUDENT)("studnet", on="course")
    (found,) = read(declared(misspelt), anna)

    with pytest.raises(InvalidLegacyFact, match=r"'studnet' on 'course', which no"):
        facts_of(found)


def test_a_generator_may_yield_a_fact_twice(anna):
    @generator
    def stutter(user):
        yield STUDENT.at(1)
        yield STUDENT.at(1)

    (found,) = read(declared(stutter), anna)

    assert len(found.facts) == 1


def test_a_generator_may_refuse(anna):
    @generator
    def banned(user):
        yield STUDENT.refused_at(1)

    (found,) = read(declared(banned), anna)

    assert {fact for _, fact in found.facts} == {STUDENT.refused_at(1)}


def test_a_generator_is_not_called_for_who_is_no_user(db):
    called = []

    @generator
    def counting(user):
        called.append(user)
        yield STUDENT.at(1)

    gather(declared(counting), ["service:payments", "999999"], using="default")

    assert called == []


def test_a_generator_that_fails_is_not_called_again_for_an_unmapped_table(anna):
    """Whoever has an unmapped value is not read further: the failure is one, and the first."""
    called = []

    @generator
    def counting(user):
        called.append(user)
        return ()

    unmapped = legacy.table(User, user="pk", role="is_staff", roles={True: BOSS})
    (found,) = read(declared(counting, unmapped), anna)

    assert "neither mapped nor ignored" in str(found.failure)
    assert called == []


def test_a_generator_is_named_after_its_module_and_function():
    @generator
    def somebody(user):
        return ()

    assert somebody.name == "tests.authmigration.legacy.test_generators.somebody"
