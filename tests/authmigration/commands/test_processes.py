"""Commands as processes: exit status, terminal, colours, a broken installation."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time

import pytest

from authmigration.models import AuditEvent
from authmigration.rollout import killing
from tests.architecture.source import ROOT
from tests.authmigration import worlds

PATIENCE = 60


def environment(database_url: str, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "FORCE_COLOR"}}
    return {**kept, "MONOLITH_DATABASE_URL": database_url, **more}


def manage(database_url: str, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *args],
        cwd=ROOT,
        env=environment(database_url, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


@pytest.mark.slow
def test_a_kill_from_another_process_is_seen_here_and_an_error_has_a_status(database_url, settings):
    done = manage(database_url, "authz_kill", "on", "--reason", "wrong grades")
    failed = manage(database_url, "authz_stage", "everyone", "shadwo", "--reason", "x")
    settings.FEATURE_FLAGS = {"SNAPSHOT_SECONDS": 0}

    assert (done.returncode, done.stderr) == (0, "")
    assert killing.kill_state().reason == "wrong grades"
    assert failed.returncode == 1
    assert failed.stderr.startswith("CommandError: 'shadwo' is no stage")
    assert "Traceback" not in failed.stderr


@pytest.mark.slow
def test_the_brake_works_where_a_declaration_is_broken(database_url, tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "__init__.py").touch()
    (tmp_path / "broken" / "authz.py").write_text("from nowhere import nothing\n")
    (tmp_path / "broken_settings.py").write_text(
        "from monolith.settings import *\nINSTALLED_APPS = [*INSTALLED_APPS, 'broken']\n"
    )
    more = {"DJANGO_SETTINGS_MODULE": "broken_settings", "PYTHONPATH": str(tmp_path)}

    done = manage(database_url, "authz_kill", "on", "--reason", "the new release", **more)

    assert done.returncode == 0, done.stderr
    assert AuditEvent.objects.get().action == "kill"


@pytest.mark.slow
def test_a_database_without_tables_is_a_sentence_and_not_a_traceback(tmp_path):
    done = manage(f"sqlite:///{tmp_path}/new.sqlite3", "authz_status")

    assert done.returncode == 1
    assert "CommandError: The database refused (no such table: " in done.stderr
    assert "run 'manage.py migrate' first" in done.stderr
    assert "Traceback" not in done.stderr


def heed_ctrl_c():
    """Undo what a shell sets for what it runs in the background: that Ctrl-C is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.slow
def test_watching_stops_at_ctrl_c_with_status_0(database_url):
    worlds.user()
    child = subprocess.Popen(
        [sys.executable, "-u", "manage.py", "authz_status", "--watch", "0.2"],
        cwd=ROOT,
        env=environment(database_url),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_ctrl_c,  # noqa: PLW1509 -- nothing else runs in this process
    )
    line = child.stdout.readline()
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=PATIENCE)

    assert re.fullmatch(r"\d\d:\d\d:\d\d Off for everyone; 0 of 1 migrated; not killed\.\n", line)
    assert (child.returncode, err) == (0, "")


def on_a_terminal(database_url: str, *args: str, until: str, **more: str) -> tuple[str, int]:
    """Run a command on a terminal until it has written something, and press Ctrl-C."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "manage.py", *args],
        cwd=ROOT,
        env=environment(database_url, TERM="xterm", **more),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=heed_ctrl_c,  # noqa: PLW1509 -- nothing else runs in this process
    )
    os.close(theirs)
    seen, end = "", time.monotonic() + PATIENCE
    while until not in seen and time.monotonic() < end:
        if select.select([ours], [], [], 0.1)[0]:
            seen += os.read(ours, 65536).decode()
    child.send_signal(signal.SIGINT)
    status = child.wait(timeout=PATIENCE)
    os.close(ours)
    return seen, status


@pytest.mark.slow
def test_watching_refreshes_in_place_on_a_terminal(database_url):
    seen, status = on_a_terminal(
        database_url, "authz_status", "--watch", "0.1", until="\x1b[J\x1b[H"
    )

    assert seen.startswith("\x1b[HOff for everyone")
    assert "waiting marks" in seen
    assert status == 0


@pytest.mark.slow
def test_no_color_takes_the_colour_out_of_a_warning(database_url):
    killing.kill(actor="anna", reason="x")
    args = ("authz_stage", "everyone", "shadow", "--dry-run")

    coloured, _ = on_a_terminal(database_url, *args, until="Nothing was written")
    plain, _ = on_a_terminal(database_url, *args, until="Nothing was written", NO_COLOR="1")

    assert "\x1b[33;1mThe stages are killed" in coloured
    assert "The stages are killed" in plain
    assert "\x1b" not in plain
