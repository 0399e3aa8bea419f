"""``authz_migrate_user``."""

import pytest
from django.core.management.base import CommandError

from authmigration.models import AuditEvent, SubjectState
from monolith.courses.models import Enrolment
from tests.authmigration import worlds
from tests.authmigration.progress.states import mark, migrate, update


def poisoned(**columns):
    """Return somebody whose row has a value that nobody mapped."""
    someone = worlds.user()
    worlds.enrol(someone, worlds.course(worlds.school()), kind=99)
    migrate(someone)
    if columns:
        update(someone, **columns)
    return someone


def state(user):
    return SubjectState.objects.get(subject=str(user.pk))


def test_users_are_migrated_by_key_and_by_name_and_the_trail_says_for_whom(run):
    first, second = worlds.user(), worlds.user()

    out = run("authz_migrate_user", str(first.pk), second.username, "--actor", str(second.pk)).out

    assert out.splitlines() == [
        f"user {first.pk} ({first.username}, found by primary key): migrated",
        f"user {second.pk} ({second.username}, found by username): migrated",
    ]
    reasons = set(AuditEvent.objects.values_list("reason", flat=True))
    assert reasons == {f"authz_migrate_user by user:{second.pk}"}


def test_a_stale_user_is_brought_up_to_date(run):
    someone = worlds.user()
    migrate(someone)
    worlds.enrol(someone, worlds.course(worlds.school()))
    mark(someone)

    assert "brought up to date" in run("authz_migrate_user", str(someone.pk)).out
    assert "up to date already" in run("authz_migrate_user", str(someone.pk)).out


def test_a_failure_is_told_with_its_reason_and_an_exit_status(run):
    someone, other = poisoned(), worlds.user()

    with pytest.raises(CommandError, match="1 of 2 could not be brought up to date"):
        run("authz_migrate_user", str(someone.pk), str(other.pk))

    assert state(other).status == "migrated"


def test_a_quarantined_user_is_left_alone_unless_told_to_retry(run):
    someone = poisoned(status="quarantined", attempts=3)

    with pytest.raises(CommandError):
        run("authz_migrate_user", str(someone.pk))

    assert state(someone).attempts == 3


def test_retry_releases_a_quarantined_user_whose_data_was_mended(run):
    someone = poisoned(status="quarantined", attempts=3)
    Enrolment.objects.update(kind=Enrolment.LEARNER)

    assert "migrated" in run("authz_migrate_user", "--retry", str(someone.pk)).out
    assert (state(someone).status, state(someone).attempts) == ("migrated", 0)


def test_retry_of_a_user_who_still_fails_counts_once_more(run):
    someone = poisoned(status="quarantined", attempts=3)

    with pytest.raises(CommandError):
        run("authz_migrate_user", "--retry", str(someone.pk))

    assert (state(someone).status, state(someone).attempts) == ("quarantined", 4)


def test_a_quarantine_under_other_declarations_is_no_reason_to_wait(run):
    someone = poisoned(status="quarantined", mapping_hash="older")
    Enrolment.objects.update(kind=Enrolment.LEARNER)

    assert "migrated" in run("authz_migrate_user", str(someone.pk)).out
