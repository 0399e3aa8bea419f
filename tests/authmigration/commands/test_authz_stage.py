"""``authz_stage``."""

import sys

import pytest
from django.core.management.base import CommandError

from authmigration import capture, trail
from authmigration.management.commands import authz_stage
from authmigration.models import AuditEvent
from authmigration.rollout import Stage, killing, writing
from tests.authmigration import worlds
from tests.authmigration.progress.states import migrate

BY = trail.Authorship("test", "a test")


def stage(cohort="everyone"):
    return writing.stage_of_cohort(cohort)


@pytest.fixture
def school(db):
    school = worlds.school()
    for _ in range(3):
        worlds.enrol(worlds.user(), worlds.course(school))
    return school


def test_setting_a_stage_shows_who_flips_and_records_who_did_it_and_why(run, school):
    done = run("authz_stage", "everyone", "shadow", "--reason", "we begin")

    assert (
        f"shadow   on for 1 unit (school:{school.pk}) and 3 people; off for nobody.\n" in done.out
    )
    assert done.out.endswith("everyone is at shadow.\n")
    assert stage() is Stage.SHADOW
    event = AuditEvent.objects.get()
    assert (event.action, event.reason) == ("stage", "we begin")
    assert event.actor.startswith("cli:")


def test_whoever_is_set_back_is_told_which_cohorts_are_not(run, school):
    other = worlds.school()
    writing.write_stage(f"unit:school:{school.pk}", Stage.ENFORCE, BY)
    writing.write_stage(f"unit:school:{other.pk}", Stage.SHADOW, BY)

    done = run("authz_stage", "everyone", "shadow", "--reason", "a bad day")

    assert f"not set back by this: school:{school.pk} at enforce." in done.err
    assert f"school:{other.pk}" not in done.err


def test_whoever_raises_the_last_one_is_told_nothing(run, school):
    writing.write_stage(f"unit:school:{school.pk}", Stage.SHADOW, BY)

    assert run("authz_stage", "everyone", "shadow", "--reason", "x").err == ""


def test_the_actor_may_be_a_user(run):
    boss = worlds.user()

    run("authz_stage", "everyone", "shadow", "--reason", "x", "--actor", boss.username)

    assert AuditEvent.objects.get().actor == f"user:{boss.pk}"


def test_a_rehearsal_shows_who_flips_and_writes_nothing(run, school):
    done = run("authz_stage", f"school:{school.pk}", "shadow", "--dry-run")

    assert "and 3 people" in done.out
    assert done.out.endswith("Nothing was written.\n")
    assert not AuditEvent.objects.exists()
    assert stage(f"unit:school:{school.pk}") is Stage.OFF


def test_the_preview_of_a_percentage_says_who_stays(run, school):
    run("authz_stage", "everyone", "shadow", "--reason", "x")

    assert (
        "on for nobody; off for nobody; stays on for 3 people."
        in run("authz_stage", "25%", "shadow", "--dry-run").out
    )


def test_a_cohort_can_be_held_and_let_go_again(run, school):
    cohort = f"school:{school.pk}"
    capture.install()
    writing.write_stage("everyone", Stage.ENFORCE, BY)

    held = run("authz_stage", cohort, "shadow", "--hold", "--reason", "exams")
    free = run("authz_stage", cohort, "retired", "--hold", "--reason", "over")

    assert f"enforce  on for nobody; off for 1 unit ({cohort}) and 3 people.\n" in held.out
    assert held.out.endswith(f"{cohort} rises no further than shadow.\n")
    assert f"enforce  on for 1 unit ({cohort}) and 3 people" in free.out
    assert free.out.endswith(f"{cohort} is no longer held.\n")


@pytest.mark.parametrize(
    ("cohort", "stage", "message"),
    [
        ("everyon", "shadow", "'everyon' is no rollout cohort. Did you mean 'everyone'?"),
        ("pilot", "shadow", "'pilot' is no rollout cohort. Write everyone, 25%, "),
        ("school:99999", "shadow", "schools.School has no row with that id"),
        ("group:nobody", "shadow", "no group is called 'nobody'"),
        ("user:99999", "shadow", "no user has that id"),
        ("250%", "shadow", "250% is more than everyone"),
        ("everyone", "shadwo", "'shadwo' is no stage; use one of off, shadow, enforce, retired."),
    ],
)
def test_a_slip_is_an_error_that_says_what_to_write(run, cohort, stage, message):
    with pytest.raises(CommandError) as caught:
        run("authz_stage", cohort, stage, "--reason", "x")

    assert message in str(caught.value)
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("reason", [(), ("--reason", "  ")])
def test_without_a_reason_nothing_is_written(run, reason):
    with pytest.raises(CommandError, match="Say why: --reason"):
        run("authz_stage", "everyone", "shadow", *reason)

    assert stage() is Stage.OFF


def test_enforcing_without_capture_is_refused_with_the_command_that_mends_it(run):
    with pytest.raises(CommandError, match=r"manage\.py authz_capture install"):
        run("authz_stage", "everyone", "enforce", "--reason", "x")

    assert stage() is Stage.OFF


def test_it_says_that_a_kill_hides_the_change(run):
    killing.kill(actor="anna", reason="wrong grades")

    done = run("authz_stage", "everyone", "shadow", "--reason", "x")

    assert "nobody flips before the kill is lifted" in done.err


def test_it_says_that_the_host_is_asked_for_each_person(run, settings):
    settings.AUTHMIGRATION = {"UNIT_OF": settings.AUTHMIGRATION["UNIT_OF"]}

    assert (
        "UNIT_OF is asked for each user" in run("authz_stage", "everyone", "off", "--dry-run").err
    )


@pytest.fixture
def retirable(db):
    capture.install()
    migrate(someone := worlds.user())
    return f"user:{someone.pk}"


def test_retiring_wants_a_yes_where_nobody_can_be_asked(run, retirable, monkeypatch):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)

    with pytest.raises(CommandError, match="add --yes"):
        run("authz_stage", retirable, "retired", "--reason", "x")

    assert not AuditEvent.objects.filter(action="retire").exists()


def test_retiring_with_yes_says_that_there_is_no_way_back(run, retirable):
    done = run("authz_stage", retirable, "retired", "--reason", "x", "--yes")

    assert authz_stage.NO_WAY_BACK in done.out
    assert done.out.endswith(f"{retirable} is at retired; 1 retired for good.\n")


@pytest.mark.parametrize(("answer", "retires"), [("yes", False), ("", False), (None, True)])
def test_retiring_asks_for_the_cohort_on_a_terminal(run, retirable, monkeypatch, answer, retires):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda prompt: retirable if answer is None else answer)

    if retires:
        run("authz_stage", retirable, "retired", "--reason", "x")
    else:
        with pytest.raises(CommandError, match="Nothing was written"):
            run("authz_stage", retirable, "retired", "--reason", "x")

    assert AuditEvent.objects.filter(action="retire").exists() is retires


def test_whoever_cannot_be_retired_is_named(run):
    capture.install()
    someone = worlds.user()

    with pytest.raises(CommandError, match=rf"unmigrated, quarantined or stale \({someone.pk}\)"):
        run("authz_stage", "everyone", "retired", "--reason", "x", "--yes")
