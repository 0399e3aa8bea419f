"""The chain that ``explain`` shows: in a shell without print, and with what came near."""

import io
import sys
from code import InteractiveInterpreter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser

from auth_lib import Effect
from authmigration import assign, check, explain, viewing
from authmigration.decisions import explaining
from authmigration.rollout import Stage, forced
from authmigration.testing import at_stage, with_role
from monolith.courses.authz import STUDENT, TEACHER
from tests.authmigration import worlds
from tests.authmigration.rows import sync

pytestmark = pytest.mark.django_db

WHO = {"actor": "tests", "reason": "a test"}
PAST, FUTURE = (datetime.now(UTC) + timedelta(days=days) for days in (-3, 3))


@pytest.fixture
def course():
    return worlds.course(worlds.school())


@pytest.fixture
def learner(course):
    who = worlds.user()
    worlds.enrol(who, course)
    sync(who)
    return who


@pytest.fixture(autouse=True)
def enforced():
    with forced(Stage.ENFORCE):
        yield


def told(who, permission, what):
    return str(explain(who, permission, what)).splitlines()


def line(lines, name):
    (found,) = [each for each in lines if each.startswith(f"  {name}:")]
    return found.split(":", 1)[1].strip()


def test_a_shell_shows_the_chain_without_print(learner, course, monkeypatch):
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stdout", shown)
    names = {"explain": explain, "who": learner, "course": course}

    InteractiveInterpreter(names).runsource('explain(who, "course.view", course)')

    assert shown.getvalue().strip() == str(explain(learner, "course.view", course))
    assert "world:      central" in shown.getvalue()


@pytest.mark.parametrize(
    ("terminal", "no_color", "coloured"),
    [(True, False, True), (True, True, False), (False, False, False)],
)
def test_only_a_terminal_that_wants_it_gets_colour(
    learner, course, monkeypatch, terminal, no_color, coloured
):
    monkeypatch.setattr(explaining, "supports_color", lambda: terminal)
    style = SimpleNamespace(SUCCESS="\x1b[32m{}".format, ERROR="\x1b[31m{}".format)
    monkeypatch.setattr(explaining, "color_style", lambda: style)
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")

    found = explain(learner, "course.view", course)

    assert ("\x1b[32m" in repr(found)) is coloured
    assert "\x1b[" not in str(found)


def test_each_fact_says_what_it_does_for_the_permission(learner, course):
    lines = told(learner, "course.edit", course)

    assert line(lines, "fact").endswith(": does not give course.edit")
    assert line(told(learner, "course.view", course), "fact").endswith(": gives course.view")


def test_a_denial_names_the_roles_that_were_wanted(learner, course):
    wanted = line(told(learner, "course.edit", course), "wanted")

    assert wanted == "course/teacher or school/principal or platform/superuser"
    assert "wanted:" not in str(explain(learner, "course.view", course))


def test_a_fact_in_another_course_is_near(learner, course):
    for _ in range(7):
        assign(learner, TEACHER, worlds.course(worlds.school()), **WHO)

    lines = told(learner, "course.edit", course)

    near = [each for each in lines if each.startswith("  near:")]
    assert len(near) == 6
    assert near[-1].endswith("2 more in other contexts")


@pytest.mark.parametrize(
    ("times", "says"),
    [
        ({"valid_from": FUTURE}, f"begins {FUTURE:%Y-%m-%d %H:%M} UTC, and counts for nothing"),
        ({"valid_until": datetime.now(UTC)}, "UTC, and counts for nothing"),
    ],
)
def test_a_fact_that_does_not_hold_now_says_when(learner, course, times, says):
    assign(learner, TEACHER, course, **times, **WHO)

    lines = told(learner, "course.edit", course)

    assert not check(learner, "course.edit", course)
    assert any("teacher" in each and says in each for each in lines), lines


def test_a_refusal_is_named_where_it_holds(learner, course):
    assign(learner, STUDENT, course, effect=Effect.REFUSE, **WHO)

    lines = told(learner, "course.view", course)

    assert "denied (refused" in lines[0]
    assert any("refuse, from native: bars from here and from all below" in each for each in lines)


def test_a_view_as_is_named_with_its_end():
    school = worlds.school()
    course, who = worlds.course(school), worlds.user()

    with at_stage("enforce"), with_role(who, TEACHER, course), viewing(who, "student", course):
        lines = told(who, "course.edit", course)
        assert line(lines, "view-as").startswith(f"student in course:{course.pk} until ")
        assert "view-as:" not in str(explain(worlds.user(), "course.edit", course))
    assert "denied (view_as" in lines[0]


def test_where_nothing_is_stored_the_legacy_facts_are_told(learner, course):
    with forced(Stage.OFF):
        found = line(told(learner, "course.view", course), "fact")

    assert found == f"student in course:{course.pk}, read from legacy now: gives course.view"


def test_a_legacy_that_cannot_be_read_is_told_and_not_raised(learner, course):
    type(course).enrolments.rel.related_model.objects.update(kind=77)

    with forced(Stage.OFF):
        found = line(told(learner, "course.view", course), "facts")

    assert found.startswith("legacy cannot be read (UnmappedLegacyValue: ")


def test_the_old_check_is_named_by_file_and_line(learner, course):
    found = line(told(learner, "course.edit", course), "legacy")

    assert found.startswith("denied (legacy_denied), by monolith/courses/authz.py:")


def test_somebody_anonymous_holds_nothing(course):
    lines = told(AnonymousUser(), "course.view", course)

    assert line(lines, "facts") == "none, since nobody has logged in"
