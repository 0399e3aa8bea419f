"""``authz_capture``, ``authz_mismatch``, ``authz_roll_up``, and what all commands share."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import get_commands, load_command_class
from django.core.management.base import CommandError
from django.db import OperationalError

from authmigration import capture, counters, progress
from authmigration.errors import DeclarationError
from authmigration.management.commands import authz_status
from authmigration.models import ChangeMark, Counter, CounterDelta, Mismatch


def test_capture_is_installed_shown_and_removed(run):
    installed = run("authz_capture", "install").out
    again = run("authz_capture", "install").out
    shown = run("authz_capture", "status").out
    removed = run("authz_capture", "remove").out

    assert installed.startswith("installed  accounts_person, ")
    assert again.endswith("Nothing was to be done.\n")
    assert shown.endswith("The changes of 10 of 10 tables are seen.\n")
    assert "courses_enrolment" in removed
    assert not capture.is_installed()


OURS = [name for name, app in get_commands().items() if app == "authmigration"]


@pytest.mark.parametrize("name", OURS)
def test_every_command_can_show_its_help(name):
    parser = load_command_class("authmigration", name).create_parser("manage.py", name)

    assert f"manage.py {name}" in parser.format_help()


def mismatch(fingerprint, kind):
    return Mismatch.objects.create(
        fingerprint=fingerprint,
        kind=kind,
        permission="course.edit",
        context_type="course",
        origin="courses/authz.py:12",
        example={"roles": ["student"], "control": False},
    )


def test_mismatches_are_listed_gravest_first(run):
    mismatch("aaaa", "lockout")
    mismatch("bbbb", "escalation")

    header, *rows = run("authz_mismatch", "list").out.splitlines()

    assert header.split() == ["fingerprint", "kind", "permission", "on", "count", "from"]
    assert [row.split()[:2] for row in rows] == [["bbbb", "escalation"], ["aaaa", "lockout"]]


def test_a_mismatch_is_shown_with_its_example_and_closed_with_a_reason(run):
    mismatch("bbbb", "escalation")

    assert '{"roles": ["student"], "control": false}' in run("authz_mismatch", "show", "bb").out
    closed = run("authz_mismatch", "resolve", "bb", "--reason", "policy corrected").out

    assert closed == "bb is resolved.\n"
    assert "policy corrected" in run("authz_mismatch", "show", "bb").out
    assert run("authz_mismatch", "list").out == "No mismatch is open.\n"
    assert "bbbb" in run("authz_mismatch", "list", "--all").out
    assert (
        run("authz_mismatch", "resolve", "bb", "--reason", "x").out == "bb was resolved before.\n"
    )


def test_an_unknown_mismatch_is_an_error(run):
    with pytest.raises(CommandError, match="There is no mismatch 'cccc'"):
        run("authz_mismatch", "show", "cccc")


def test_a_mismatch_is_not_closed_without_a_reason(run):
    mismatch("bbbb", "escalation")

    with pytest.raises(CommandError, match="--reason"):
        run("authz_mismatch", "resolve", "bbbb")

    assert Mismatch.objects.get().resolved_at is None


def test_rolling_up_keeps_every_sum(run):
    for _ in range(3):
        counters.tally("checks", "equal")
        counters.flush(using="default")
        ChangeMark.objects.create(subject="", source="x")
    epoch = progress.status().marks.epoch

    out = run("authz_roll_up").out

    assert out == "3 deltas added to their counters, 3 marks to the epoch.\n"
    assert not CounterDelta.objects.exists()
    assert Counter.objects.get(name="checks").value == 3
    assert progress.status().marks == progress.Marks(epoch, 0, 0)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (DeclarationError(["role= is missing"]), "role= is missing"),
        (ImproperlyConfigured("no option 'X'"), "no option 'X'"),
        (OperationalError("no such table: t"), r"\(no such table: t\).*manage\.py migrate"),
    ],
)
def test_what_the_toolkit_raises_is_an_error_of_the_command(run, monkeypatch, error, message):
    def fail(**_):
        raise error

    monkeypatch.setattr(authz_status, "status", fail)

    with pytest.raises(CommandError, match=message):
        run("authz_status")


def test_a_bug_keeps_its_traceback(run, monkeypatch):
    def fail(**_):
        raise KeyError("a bug")

    monkeypatch.setattr(authz_status, "status", fail)

    with pytest.raises(KeyError):
        run("authz_status")
