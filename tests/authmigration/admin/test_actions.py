"""What can be done in the admin: assign, take away, try again, resolve; each with its reason."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.messages import get_messages
from django.db import connection
from django.urls import reverse

from authmigration.admin import reasons
from authmigration.models import Assignment, AuditEvent, Mismatch, SubjectState
from monolith.courses.models import Enrolment
from tests.authmigration import worlds
from tests.authmigration.progress.states import migrate, update

ASSIGNMENTS = reverse("admin:authmigration_assignment_changelist")
ADD = reverse("admin:authmigration_assignment_add")
STATES = reverse("admin:authmigration_subjectstate_changelist")
MISMATCHES = reverse("admin:authmigration_mismatch_changelist")


def said(response) -> str:
    return "\n".join(str(each) for each in get_messages(response.wsgi_request))


def chosen(action, *rows, **more):
    return {"action": action, "_selected_action": [row.pk for row in rows], **more}


@pytest.fixture
def student(db):
    """Somebody who is a student on one course, and has been migrated."""
    someone = worlds.user()
    worlds.enrol(someone, worlds.course(worlds.school()))
    migrate(someone)
    return someone


def test_taking_away_asks_for_a_reason_first(boss, student):
    fact = Assignment.objects.get()

    asked = boss.post(ASSIGNMENTS, chosen("unassign", fact))
    blank = boss.post(ASSIGNMENTS, chosen("unassign", fact, confirmed="yes", reason="  "))

    assert (asked.status_code, blank.status_code) == (200, 200)
    assert b'name="reason"' in asked.content
    assert b"This field is required" in blank.content
    assert Assignment.objects.exists()


def test_with_a_reason_the_role_is_taken_away_in_both_worlds(boss, student):
    fact = Assignment.objects.get()

    done = boss.post(ASSIGNMENTS, chosen("unassign", fact, confirmed="yes", reason="moved away"))

    assert done.status_code == 302
    assert "taken away" in said(done)
    assert not Assignment.objects.exists()
    assert Enrolment.objects.get().status == "withdrawn"
    event = AuditEvent.objects.latest("id")
    assert (event.action, event.reason) == ("unassign", "moved away")
    assert event.actor == f"user:{boss.user.pk}"


def test_what_legacy_cannot_lose_is_told_and_the_others_go(boss, student):
    principal = worlds.user()
    worlds.staff(principal, worlds.school())
    migrate(principal)

    done = boss.post(
        ASSIGNMENTS, chosen("unassign", *Assignment.objects.all(), confirmed="yes", reason="x")
    )

    assert "declares no write=" in said(done)
    assert [fact.role for fact in Assignment.objects.all()] == ["principal"]


def test_a_role_that_is_no_longer_declared_is_told(boss, student):
    Assignment.objects.update(role="wizard")

    done = boss.post(
        ASSIGNMENTS, chosen("unassign", Assignment.objects.get(), confirmed="yes", reason="x")
    )

    assert "no authz.py declares this role" in said(done)
    assert Assignment.objects.exists()


def test_too_many_rows_are_refused(boss, student, monkeypatch):
    monkeypatch.setattr(reasons, "MOST_AT_ONCE", 0)

    refused = boss.post(
        ASSIGNMENTS, chosen("unassign", Assignment.objects.get(), confirmed="yes", reason="x")
    )

    assert b"Choose at most 0 at once" in refused.content
    assert Assignment.objects.exists()


def test_looking_does_not_let_take_away(browser, student):
    client = browser("view_assignment")

    client.post(
        ASSIGNMENTS, chosen("unassign", Assignment.objects.get(), confirmed="yes", reason="x")
    )

    assert b"Take away" not in client.get(ASSIGNMENTS).content
    assert Assignment.objects.exists()
    assert b"Take away" in browser("view_assignment", "delete_assignment").get(ASSIGNMENTS).content


def wanted(**changes):
    given = {"what": "course/ta", "effect": "grant", "reason": "hired", "valid_until_0": ""}
    return {**given, "valid_until_1": "", **changes}


def test_a_role_is_assigned_with_a_reason(boss, student):
    course = Enrolment.objects.get().course

    done = boss.post(ADD, wanted(who=student.username, where=f"course:{course.pk}"))

    assert done.status_code == 302, done.context["errors"]
    fact = Assignment.objects.get(role="ta")
    assert (fact.subject, fact.context_id, fact.source) == (
        str(student.pk),
        str(course.pk),
        "native",
    )
    assert AuditEvent.objects.latest("id").reason == "hired"
    assert LogEntry.objects.get().object_id == str(fact.pk)
    assert "Held in the new world alone" in said(done)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"who": "nobody"}, "No user has the primary key or the username"),
        ({"where": "course"}, "is no context: write type:id"),
        ({"reason": " "}, "This field is required"),
        ({"what": "course/wizard"}, "Select a valid choice"),
        ({"effect": "maybe"}, "Select a valid choice"),
    ],
)
def test_a_slip_in_the_form_is_told_beside_the_field(boss, student, changes, message):
    given = wanted(who=student.username, where="course:1")

    refused = boss.post(ADD, {**given, **changes})

    assert message in refused.content.decode()
    assert not Assignment.objects.filter(role="ta").exists()


@pytest.mark.parametrize(
    ("where", "message"),
    [("course:0", "course:0 does not exist"), ("school:1", "No role"), ("corse:1", "corse")],
)
def test_what_assigning_refuses_is_told_and_writes_nothing(boss, student, where, message):
    given = wanted(who=student.username, where=where)
    if message == "No role":
        given["what"], message = "course/ta", "is held on 'course', not on school:1"

    refused = boss.post(ADD, given)

    assert refused.status_code == 302
    assert message in said(refused)
    assert not Assignment.objects.filter(role="ta").exists()


def test_assigning_needs_the_permission_to_add(browser, student):
    assert browser("view_assignment").get(ADD).status_code == 403
    assert browser("add_assignment").get(ADD).status_code == 200


@pytest.fixture
def quarantined(transactional_db):
    someone = worlds.user()
    worlds.enrol(someone, worlds.course(worlds.school()), kind=99)
    migrate(someone)
    update(someone, status="quarantined", attempts=3)
    return SubjectState.objects.get()


def test_trying_again_releases_whoever_was_mended(boss, quarantined):
    Enrolment.objects.update(kind=Enrolment.LEARNER)

    done = boss.post(STATES, chosen("try_again", quarantined))

    assert f"{quarantined.pk}: migrated" in said(done)
    assert SubjectState.objects.get().status == "migrated"
    assert AuditEvent.objects.latest("id").reason == f"tried again by user:{boss.user.pk}"


def test_trying_again_says_why_it_failed(boss, quarantined):
    done = boss.post(STATES, chosen("try_again", quarantined))

    assert f"{quarantined.pk}: quarantined: UnmappedLegacyValue" in said(done)
    assert SubjectState.objects.get().attempts == 4


def test_in_a_transaction_of_the_request_it_is_tried_after_the_commit(
    boss, quarantined, monkeypatch
):
    Enrolment.objects.update(kind=Enrolment.LEARNER)
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)

    done = boss.post(STATES, chosen("try_again", quarantined))

    assert "when this request has been answered" in said(done)
    assert SubjectState.objects.get().status == "migrated"


def test_trying_again_needs_the_permission_to_change(browser, quarantined):
    client = browser("view_subjectstate")

    client.post(STATES, chosen("try_again", quarantined))

    assert SubjectState.objects.get().attempts == 3
    assert b"Try again" not in client.get(STATES).content


def test_a_mismatch_is_resolved_with_a_reason_and_an_actor(boss):
    row = Mismatch.objects.create(
        fingerprint="abcd", kind="escalation", permission="a.b", context_type="course"
    )

    asked = boss.post(MISMATCHES, chosen("close", row))
    done = boss.post(MISMATCHES, chosen("close", row, confirmed="yes", reason="policy corrected"))
    again = boss.post(MISMATCHES, chosen("close", row, confirmed="yes", reason="again"))

    assert b'name="reason"' in asked.content
    assert "1 resolved, 0 were resolved before." in said(done)
    assert "0 resolved, 1 were resolved before." in said(again)
    row.refresh_from_db()
    assert row.resolved_because == "policy corrected"
    assert AuditEvent.objects.get().actor == f"user:{boss.user.pk}"


def test_the_app_leads_to_the_page_of_progress_whom_it_is_open_to(browser):
    index = reverse("admin:app_list", args=["authmigration"])
    page = reverse("admin:authmigration_progress")

    assert page in browser("view_subjectstate").get(index).content.decode()
    assert page in browser("view_subjectstate").get(STATES).content.decode()
    assert page not in browser("view_assignment").get(index).content.decode()
