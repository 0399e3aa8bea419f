"""Mismatches: listed, found and closed."""

import pytest

from authmigration.errors import MissingReason
from authmigration.models import AuditEvent, Mismatch
from authmigration.shadow import mismatches

pytestmark = pytest.mark.django_db


def recorded(fingerprint: str, kind: str = "lockout", **columns) -> Mismatch:
    return Mismatch.objects.create(
        fingerprint=fingerprint,
        kind=kind,
        permission="course.edit",
        context_type="course",
        **columns,
    )


def test_the_gravest_come_first_and_closed_ones_only_when_asked_for():
    recorded("a", "expected")
    recorded("b", "lockout")
    recorded("c", "escalation")
    recorded("d", "escalation", resolved_at="2026-01-01T00:00Z")

    assert [row.pk for row in mismatches.every()] == ["c", "b", "a"]
    assert {row.pk for row in mismatches.every(resolved=True)} == {"a", "b", "c", "d"}


def test_the_beginning_of_a_fingerprint_suffices_where_it_is_one_alone():
    recorded("abcd")
    recorded("abff")

    assert mismatches.found("abc").pk == "abcd"
    with pytest.raises(mismatches.UnknownMismatch, match="Several mismatches begin with 'ab'"):
        mismatches.found("ab")


@pytest.mark.parametrize("text", ["abdc", ""])
def test_an_unknown_fingerprint_is_an_error(text):
    recorded("abcd")

    with pytest.raises(mismatches.UnknownMismatch):
        mismatches.found(text)


def test_a_fingerprint_with_a_slip_names_the_nearest():
    recorded("abcdef0123")

    with pytest.raises(mismatches.UnknownMismatch, match=r"Did you mean abcdef0123\?"):
        mismatches.found("abcdef0132")


def test_closing_says_who_and_why_in_the_row_and_in_the_trail():
    recorded("abcd", "escalation")

    assert mismatches.resolve("abcd", actor="anna", reason="the policy was corrected")

    row = Mismatch.objects.get()
    assert (row.resolved_at is not None, row.resolved_because) == (True, "the policy was corrected")
    event = AuditEvent.objects.get()
    assert (event.action, event.actor) == ("resolve_mismatch", "anna")
    assert event.detail["fingerprint"] == "abcd"


def test_closing_again_changes_nothing_and_records_nothing():
    recorded("abcd")
    mismatches.resolve("abcd", actor="anna", reason="first")

    assert mismatches.resolve("abcd", actor="bert", reason="second") is False

    assert Mismatch.objects.get().resolved_because == "first"
    assert AuditEvent.objects.count() == 1


def test_without_a_reason_nothing_is_closed():
    recorded("abcd")

    with pytest.raises(MissingReason):
        mismatches.resolve("abcd", actor="anna", reason=" ")

    assert Mismatch.objects.get().resolved_at is None
