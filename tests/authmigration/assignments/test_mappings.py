"""Another mapping makes everybody stale, and an older one never has the last word."""

import pytest
from django.db.models import QuerySet

from authmigration import assign, registry, unassign
from authmigration.assignments import Outcome, adopt, version_of
from authmigration.assignments.failing import record_failure
from authmigration.models import MappingVersion
from monolith.courses.authz import STUDENT, TA
from monolith.courses.models import Enrolment
from tests.authmigration import worlds
from tests.authmigration.rows import (
    facts,
    is_fresh,
    mark,
    outcome,
    roles,
    state,
    sync,
    toolkit_rows,
)


@pytest.fixture
def old():
    """What the release before declared: nothing that is no table."""
    return worlds.tables_only()


@pytest.fixture
def learner(learner, algebra):
    worlds.moderate(learner, algebra)
    return learner


def know_both(old):
    version_of(old.mapping_hash, using="default")
    version_of(registry.get().mapping_hash, using="default")


def test_a_new_mapping_makes_everybody_stale(old, learner):
    with registry.override(old):
        sync(learner)
        before = is_fresh(learner), roles(learner)

    assert before == (True, {"student"})
    assert not is_fresh(learner)
    assert outcome(learner) is Outcome.CHANGED
    assert (is_fresh(learner), roles(learner)) == (True, {"student", "moderator"})


def test_a_new_mapping_that_yields_the_same_raises_no_generation(old, anna):
    with registry.override(old):
        sync(anna)

    assert outcome(anna) is Outcome.UNCHANGED
    assert (is_fresh(anna), state(anna).generation) == (True, 1)


def test_a_process_of_the_old_release_overwrites_nothing(old, learner):
    know_both(old)
    sync(learner)
    before = toolkit_rows()

    with registry.override(old):
        assert outcome(learner) is Outcome.NEWER_MAPPING

    assert toolkit_rows() == before


def test_a_process_of_the_old_release_leaves_the_marks_to_those_that_can_follow(old, learner):
    know_both(old)
    sync(learner)
    Enrolment.objects.update(status="withdrawn")
    mark(learner)

    with registry.override(old):
        sync(learner)
        record_failure(str(learner.pk), ValueError("unmapped"), using="default")

    assert not is_fresh(learner)
    sync(learner)
    assert roles(learner) == {"moderator"}


def test_a_failure_in_a_process_of_the_old_release_overwrites_nothing(old, learner):
    know_both(old)
    sync(learner)
    before = toolkit_rows()

    with registry.override(old):
        found = record_failure(str(learner.pk), ValueError("unmapped"), using="default")

    assert found is Outcome.NEWER_MAPPING
    assert toolkit_rows() == before


def test_an_assignment_in_a_process_of_the_old_release_keeps_the_newer_facts(old, learner, algebra):
    know_both(old)
    sync(learner)
    newer = state(learner)

    with registry.override(old):
        assign(learner, TA, algebra, actor="test", reason="help")

    assert roles(learner) == {"student", "moderator", "ta"}
    found = state(learner)
    assert (found.mapping_hash, found.mapping_version) == (newer.mapping_hash, 2)
    assert found.generation == newer.generation + 1


def test_a_revoke_in_a_process_of_the_old_release_takes_effect_at_once(old, learner, algebra):
    know_both(old)
    sync(learner)

    with registry.override(old):
        unassign(learner, STUDENT, algebra, actor="test", reason="left")

    assert not Enrolment.objects.filter(status="active").exists()
    assert roles(learner) == {"moderator"}
    assert state(learner).mapping_version == 2


def test_what_the_old_release_wrote_into_legacy_is_read_again_by_the_newer(old, learner, north):
    know_both(old)
    sync(learner)
    biology = worlds.course(north)

    with registry.override(old):
        assign(learner, STUDENT, biology, actor="test", reason="late")

    assert not is_fresh(learner)
    sync(learner)
    assert f"student in course:{biology.pk} (courses.Enrolment)" in facts(learner)


def test_versions_are_given_in_the_order_in_which_mappings_are_seen(db):
    assert [version_of(name, using="default") for name in ("a", "b", "a")] == [1, 2, 1]


def test_a_version_is_remembered_and_asked_for_once(transactional_db, django_assert_num_queries):
    version_of("a", using="default")

    with django_assert_num_queries(0):
        version_of("a", using="default")


def test_a_version_that_another_process_took_is_not_given_twice(db, monkeypatch):
    """Between the question for the newest number and the insertion another process inserts."""
    asked, raced = QuerySet.aggregate, []

    def beaten(rows, **expressions):
        newest = asked(rows, **expressions)
        if not raced:
            raced.append(MappingVersion.objects.create(mapping_hash="another", version=1))
        return newest

    monkeypatch.setattr(QuerySet, "aggregate", beaten)

    assert version_of("mine", using="default") == 2


def test_two_processes_that_come_with_one_new_mapping_agree(db, monkeypatch):
    asked, raced = QuerySet.aggregate, []

    def beaten(rows, **expressions):
        if not raced:
            raced.append(MappingVersion.objects.create(mapping_hash="mine", version=1))
        return asked(rows, **expressions)

    monkeypatch.setattr(QuerySet, "aggregate", beaten)

    assert version_of("mine", using="default") == 1


def test_a_release_that_is_taken_back_for_good_becomes_the_newest(old, learner):
    know_both(old)
    sync(learner)

    with registry.override(old):
        adopt(old.mapping_hash, using="default")
        assert outcome(learner) is Outcome.CHANGED
        assert (is_fresh(learner), roles(learner)) == (True, {"student"})
