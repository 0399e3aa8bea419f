"""``authz_kill``."""

from pathlib import Path

import pytest
from django.core.management.base import CommandError

from authmigration import trail
from authmigration.models import AuditEvent
from authmigration.rollout import Stage, killing, stage_of, writing
from authmigration.subjects import subject_of
from tests.authmigration import worlds
from tests.authmigration.progress.states import one_in_each_state

BY = trail.Authorship("test", "a test")


def test_on_kills_and_says_how_soon_it_is_seen(run):
    writing.write_stage("everyone", Stage.ENFORCE, BY)

    done = run("authz_kill", "on", "--reason", "wrong grades")

    assert done.out.startswith("authz is killed by row: wrong grades.\n")
    assert "Every process sees it within 0 s" in done.out
    assert "It reaches everybody: nobody is retired." in done.out
    assert stage_of(subject_of(worlds.user())).stage is Stage.OFF
    assert AuditEvent.objects.get(action="kill").actor.startswith("cli:")


def test_on_says_how_many_retired_subjects_are_beyond_its_reach(run):
    one_in_each_state()

    assert "1 retired subject is beyond its reach" in run("authz_kill", "on", "--reason", "x").out


def test_off_lifts_and_warns_of_processes_that_their_environment_kills(run):
    run("authz_kill", "on", "--reason", "x")

    done = run("authz_kill", "off", "--reason", "mended")

    assert done.out.startswith("authz is not killed.\n")
    assert "those that were started with AUTHZ_KILL" in done.out
    assert not killing.kill_state()


def test_off_says_that_a_file_still_kills(run, settings, tmp_path: Path):
    file = tmp_path / "kill"
    file.touch()
    settings.FEATURE_FLAGS = {**settings.FEATURE_FLAGS, "KILL_FILE": file}
    run("authz_kill", "on", "--reason", "x")

    done = run("authz_kill", "off", "--reason", "mended")

    assert f"authz is killed by file: the file {file} exists." in done.out
    assert "Not lifted: it is still killed by file." in done.err


def test_a_blank_reason_kills_nothing(run):
    with pytest.raises(CommandError, match="Say why"):
        run("authz_kill", "on", "--reason", " ")

    assert not killing.kill_state()
