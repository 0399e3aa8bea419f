"""Trying one subject again on somebody's word."""

import pytest
from django.db import transaction

from authmigration import registry
from authmigration.assignments import Outcome
from authmigration.lazy_migration.retrying import retry
from authmigration.models import AuditEvent, SubjectState
from monolith.courses.models import Enrolment
from tests.authmigration import worlds


def quarantined() -> str:
    """Return somebody whose row has a value that nobody mapped."""
    someone = worlds.user()
    worlds.enrol(someone, worlds.course(worlds.school()), kind=99)
    for _ in range(3):
        retry(str(someone.pk), using="default", reason="test")
    return str(someone.pk)


@pytest.mark.django_db
def test_a_subject_that_still_fails_stays_quarantined_and_says_why():
    subject = quarantined()

    attempt = retry(subject, using="default", reason="test")

    assert attempt.outcome is Outcome.QUARANTINED
    assert "'99'" in attempt.reason
    assert SubjectState.objects.get().attempts == 4


@pytest.mark.django_db
def test_a_subject_whose_data_was_mended_is_released_with_an_event():
    subject = quarantined()
    Enrolment.objects.update(kind=Enrolment.LEARNER)

    attempt = retry(subject, using="default", reason="authz_migrate_user by cli:anna")

    assert attempt == (Outcome.MIGRATED, "")
    assert SubjectState.objects.get().status == "migrated"
    assert AuditEvent.objects.latest("id").reason == "authz_migrate_user by cli:anna"


@pytest.mark.django_db
def test_a_source_that_breaks_counts_as_the_subjects_failure(monkeypatch):
    someone = worlds.user()

    def broken(*args, **kwargs):
        raise ValueError("the host's own error")

    monkeypatch.setattr(registry.get().reader, "read", broken)

    attempt = retry(str(someone.pk), using="default", reason="test")

    assert attempt == (Outcome.FAILED, "ValueError: the host's own error")
    assert SubjectState.objects.get().status == "failing"


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_of_the_caller_nothing_is_tried_and_nothing_counted():
    someone = worlds.user()

    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        retry(str(someone.pk), using="default", reason="test")

    assert not SubjectState.objects.exists()
