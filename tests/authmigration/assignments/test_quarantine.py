"""Whoever cannot be migrated is set aside, with the reason, and released by a new mapping."""

import pytest

from authmigration import conf, legacy, registry
from authmigration.assignments import Outcome
from authmigration.assignments.failing import record_failure
from authmigration.models import AuditEvent, CounterDelta
from monolith.courses.models import Enrolment
from tests.authmigration import worlds
from tests.authmigration.legacy.declaring import STUDENT, declared
from tests.authmigration.rows import facts, is_fresh, mark, outcome, state, sync


def narrow(**more):
    """Return a registry that knows one kind of enrolment and no other."""
    table = legacy.table(
        Enrolment,
        user="student",
        context="course",
        role="kind",
        roles={Enrolment.LEARNER: STUDENT},
        **more,
    )
    return declared(table)


@pytest.fixture
def auditor(anna, algebra):
    worlds.enrol(anna, algebra, Enrolment.AUDITOR)
    return anna


def test_a_failure_is_counted_with_its_reason_and_stores_no_fact(auditor):
    with registry.override(narrow()):
        assert outcome(auditor) is Outcome.FAILED

    found = state(auditor)
    assert (found.status, found.attempts) == ("failing", 1)
    assert "UnmappedLegacyValue: Source courses.Enrolment" in found.reason
    assert "'20'" in found.reason
    assert facts(auditor) == set()


def test_the_last_failure_allowed_sets_the_subject_aside(auditor, settings):
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "QUARANTINE_AFTER": 2}

    with registry.override(narrow()):
        found = [outcome(auditor) for _ in range(3)]

    assert found == [Outcome.FAILED, Outcome.QUARANTINED, Outcome.QUARANTINED]
    assert state(auditor).status == "quarantined"
    assert conf.get().quarantine_after == 2


def test_being_set_aside_is_told_once(auditor):
    with registry.override(narrow()):
        for _ in range(5):
            outcome(auditor)

    event = AuditEvent.objects.get()
    assert (event.action, event.subject) == ("quarantine", str(auditor.pk))
    assert "UnmappedLegacyValue" in event.detail["failure"]


def test_one_poisoned_user_of_a_chunk_leaves_the_others(auditor, bert, algebra):
    worlds.enrol(bert, algebra)

    with registry.override(narrow()):
        done = sync(auditor, bert, bulk=True)

    assert done.outcomes == {
        str(auditor.pk): Outcome.FAILED,
        str(bert.pk): Outcome.MIGRATED,
    }
    assert len(facts(bert)) == 1


def test_a_failure_keeps_the_facts_that_were_there(auditor):
    Enrolment.objects.update(kind=Enrolment.LEARNER)
    with registry.override(narrow()):
        sync(auditor)
        before = facts(auditor), state(auditor).generation
        Enrolment.objects.update(kind=Enrolment.AUDITOR)
        mark(auditor)
        sync(auditor)

        assert (facts(auditor), state(auditor).generation) == before
        assert not is_fresh(auditor)


def test_a_new_mapping_releases(auditor):
    with registry.override(narrow()):
        for _ in range(3):
            outcome(auditor)
    assert state(auditor).status == "quarantined"

    with registry.override(narrow(ignore={Enrolment.AUDITOR: "reads only"})):
        assert outcome(auditor) is Outcome.MIGRATED

    found = state(auditor)
    assert (found.status, found.attempts, found.reason) == ("migrated", 0, "")


def test_a_released_subject_has_a_generation_even_if_it_holds_nothing(auditor):
    with registry.override(narrow()):
        outcome(auditor)
    with registry.override(narrow(ignore={Enrolment.AUDITOR: "reads only"})):
        outcome(auditor)

    assert state(auditor).generation == 1


def test_a_mended_row_releases_who_is_not_set_aside_yet(auditor):
    with registry.override(narrow()):
        outcome(auditor)
        Enrolment.objects.update(kind=Enrolment.LEARNER)

        assert outcome(auditor) is Outcome.MIGRATED
        assert is_fresh(auditor)


def test_subjects_move_from_one_count_to_another(auditor):
    with registry.override(narrow()):
        for _ in range(3):
            outcome(auditor)
    with registry.override(narrow(ignore={Enrolment.AUDITOR: "reads only"})):
        outcome(auditor)

    counts = {}
    for label, delta in CounterDelta.objects.values_list("label", "delta"):
        counts[label] = counts.get(label, 0) + delta
    assert counts == {"failing": 0, "quarantined": 0, "migrated": 1}


def test_an_error_of_the_database_is_recorded_after_its_transaction_is_gone(auditor):
    found = record_failure(str(auditor.pk), TimeoutError("too slow"), using="default")

    assert found is Outcome.FAILED
    assert state(auditor).reason == "TimeoutError: too slow"
