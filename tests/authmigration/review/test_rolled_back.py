"""What the caller's transaction takes back has not happened: neither pin nor process keeps it."""

import time
from contextlib import contextmanager

import pytest
from django.db import transaction

from authmigration import assign, check, is_authorized, pinned, registry, unassign
from authmigration.assignments import mappings
from authmigration.assignments.mappings import version_of
from authmigration.models import Assignment, MappingVersion
from monolith.courses.authz import TA
from tests.authmigration.rows import sync

pytestmark = pytest.mark.django_db(transaction=True)

ACT = {"actor": "a test", "reason": "to be seen"}


@contextmanager
def rolled_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_a_role_that_was_rolled_back_is_not_held_in_the_rest_of_the_request(
    anna, algebra, enforced
):
    with pinned():
        with rolled_back():
            assign(anna, TA, algebra, **ACT)
            assert check(anna, "grade.edit", algebra)
        assert not Assignment.objects.exists()
        assert not check(anna, "grade.edit", algebra)
        assert not is_authorized(anna, "course", algebra.pk, "ta")


def test_a_role_whose_loss_was_rolled_back_is_held(anna, algebra, enforced):
    assign(anna, TA, algebra, **ACT)
    with pinned():
        with rolled_back():
            unassign(anna, TA, algebra, **ACT)
            assert not check(anna, "grade.edit", algebra)
        assert check(anna, "grade.edit", algebra)


def test_a_savepoint_that_is_rolled_back_takes_its_role_with_it(anna, algebra, enforced):
    sync(anna)
    with pinned(), transaction.atomic():
        with rolled_back():
            assign(anna, TA, algebra, **ACT)
            assert check(anna, "grade.edit", algebra)
        assert not check(anna, "grade.edit", algebra)


def test_a_role_that_was_committed_is_pinned_again(
    anna, algebra, enforced, django_assert_num_queries
):
    with pinned():
        with transaction.atomic():
            assign(anna, TA, algebra, **ACT)
        assert check(anna, "grade.edit", algebra)
        with django_assert_num_queries(0):
            assert check(anna, "grade.edit", algebra)


def test_the_number_of_a_mapping_that_was_rolled_back_is_not_remembered(anna, algebra):
    mappings.forget()
    with rolled_back():
        assign(anna, TA, algebra, **ACT)
    MappingVersion.objects.create(mapping_hash="another", version=1)
    assert version_of(registry.get().mapping_hash, using="default") == 2


def test_a_number_is_asked_for_once_where_it_stands(anna, django_assert_num_queries):
    mappings.forget()
    mapping_hash = registry.get().mapping_hash
    version_of(mapping_hash, using="default")
    with transaction.atomic(), django_assert_num_queries(0):
        version_of(mapping_hash, using="default")


def test_what_another_process_adopts_is_known_after_a_while(anna, monkeypatch):
    mapping_hash = registry.get().mapping_hash
    assert version_of(mapping_hash, using="default") == 1
    MappingVersion.objects.create(mapping_hash="another", version=2)
    MappingVersion.objects.filter(mapping_hash=mapping_hash).update(version=3)
    now = time.monotonic()
    monkeypatch.setattr(mappings.time, "monotonic", lambda: now + mappings.REMEMBERED_SECONDS)
    assert version_of(mapping_hash, using="default") == 3
