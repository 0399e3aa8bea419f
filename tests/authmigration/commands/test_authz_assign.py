"""``authz_assign`` and ``authz_unassign``."""

from datetime import UTC, datetime

import pytest
from django.core.management.base import CommandError

from auth_lib import Effect
from authmigration.models import Assignment, AuditEvent
from monolith.courses.models import Enrolment
from tests.authmigration import worlds


@pytest.fixture
def course(db):
    return worlds.course(worlds.school())


@pytest.fixture
def someone(db):
    return worlds.user()


def test_a_role_that_legacy_cannot_hold_is_a_native_fact_and_it_says_so(run, course, someone):
    out = run(
        "authz_assign", someone.username, "ta", f"course:{course.pk}", "--reason", "hired"
    ).out

    who = f"user {someone.pk} ({someone.username}, found by username)"
    assert out.splitlines()[0] == f"{who} holds course/ta in course:{course.pk}."
    assert "Legacy does not hold it (no legacy source " in out
    assert "): a native fact, which the new world alone knows." in out
    row = Assignment.objects.get()
    assert (row.role, row.source, row.effect) == ("ta", "native", "grant")
    assert AuditEvent.objects.latest("id").reason == "hired"


def test_a_role_that_legacy_can_hold_is_written_there_and_it_says_where(run, course, someone):
    out = run(
        "authz_assign", str(someone.pk), "course/student", f"course:{course.pk}", "--reason=x"
    ).out

    assert "Legacy holds it too: courses.Enrolment." in out
    assert Enrolment.objects.get().status == "active"


def test_assigning_again_says_that_it_was_held(run, course, someone):
    arguments = (str(someone.pk), "ta", f"course:{course.pk}", "--reason=x")
    run("authz_assign", *arguments)

    assert "already holds course/ta" in run("authz_assign", *arguments).out


def test_until_is_the_first_moment_at_which_it_holds_no_more(run, course, someone):
    run(
        "authz_assign",
        str(someone.pk),
        "ta",
        f"course:{course.pk}",
        "--reason=x",
        "--until=2030-02-01",
    )

    assert Assignment.objects.get().valid_until == datetime(2030, 2, 1, tzinfo=UTC)


def test_until_something_that_is_no_moment_is_an_error(run, course, someone):
    with pytest.raises(CommandError, match="--until 'soon': write 2027-01-31"):
        run(
            "authz_assign",
            str(someone.pk),
            "ta",
            f"course:{course.pk}",
            "--reason=x",
            "--until=soon",
        )


def test_refusing_bars_and_unassigning_the_refusal_lets_in_again(run, course, someone):
    arguments = (str(someone.pk), "student", f"course:{course.pk}", "--refuse", "--reason=x")

    assert "holds the refusal of course/student" in run("authz_assign", *arguments).out
    assert Assignment.objects.get().effect == Effect.REFUSE
    assert "no longer holds the refusal" in run("authz_unassign", *arguments).out
    assert not Assignment.objects.exists()


def test_unassigning_reaches_legacy_and_says_where(run, course, someone):
    worlds.enrol(someone, course)

    out = run("authz_unassign", str(someone.pk), "student", f"course:{course.pk}", "--reason=x").out

    assert "Legacy was changed: courses.Enrolment." in out
    assert Enrolment.objects.get().status == "withdrawn"


def test_unassigning_what_is_not_held_says_so(run, course, someone):
    out = run("authz_unassign", str(someone.pk), "ta", f"course:{course.pk}", "--reason=x").out

    assert "did not hold course/ta" in out


def test_unassigning_what_legacy_cannot_lose_is_refused_with_the_reason(run, course, someone):
    worlds.staff(someone, course.school)

    with pytest.raises(CommandError, match=r"declares no write="):
        run(
            "authz_unassign",
            str(someone.pk),
            "principal",
            f"school:{course.school_id}",
            "--reason=x",
        )


def test_a_role_on_the_platform_needs_no_id(run, someone):
    out = run("authz_assign", str(someone.pk), "superuser", "platform", "--reason=x").out

    assert "holds platform/superuser in platform:-." in out


@pytest.mark.parametrize(
    ("role", "context", "message"),
    [
        ("teacherr", "course:{}", "No role 'course/teacherr' is declared"),
        ("school/teacher", "course:{}", "No role 'school/teacher' is declared"),
        ("ta", "corse:{}", "No context type 'corse' is declared"),
        ("ta", "course:0", "course:0 does not exist"),
        ("ta", "course", "'course' is no context: write type:id"),
    ],
)
def test_a_slip_is_an_error_and_writes_nothing(run, course, someone, role, context, message):
    with pytest.raises(CommandError) as caught:
        run("authz_assign", str(someone.pk), role, context.format(course.pk), "--reason=x")

    assert message in str(caught.value)
    assert not Assignment.objects.exists()
