"""A bar on a terminal, lines elsewhere, no colour where none is wanted."""

import errno
import io
import os
import pty
import re

import pytest

from authmigration.backfill import Counts, Progress
from authmigration.backfill.display import Display

from .crowds import crowd
from .processes import ended, environment, started

HALF = Progress(1000, 500, 0, 250.0, 2.0, counts=Counts(migrated=500))
DONE = Progress(1000, 1000, 0, 250.0, 0.0, finished=True, counts=Counts(migrated=1000))


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("NO_COLOR", raising=False)


def shown(stream, *states, every=5.0):
    display = Display(stream, every)
    for each in states:
        display.show(each)
    display.close()
    return stream.getvalue()


def test_a_terminal_shows_one_bar_that_moves(wide):
    text = shown(Terminal(), HALF, DONE)

    assert text.count("\n") == 1
    assert text.count("\r") == 2
    plain = re.sub(r"\x1b\[[0-9;]*[mK]", "", text)
    assert "[####################--------------------]  50 %  500/1,000  250/s  0:02 left" in plain
    assert "[########################################] 100 %  1,000/1,000\n" in plain


def test_no_color_is_heeded(wide, monkeypatch):
    assert "\x1b[32m" in shown(Terminal(), HALF)
    monkeypatch.setenv("NO_COLOR", "1")

    assert "m#" not in shown(Terminal(), HALF)


def test_a_narrow_terminal_shows_the_figures_alone(wide, monkeypatch):
    monkeypatch.setenv("COLUMNS", "50")

    text = shown(Terminal(), HALF)

    assert "500/1,000" in text
    assert "#" not in text


def test_elsewhere_a_line_is_written_now_and_then():
    text = shown(io.StringIO(), HALF, HALF, HALF, DONE)

    assert text.splitlines() == [
        "backfill:  50 %  500/1,000  250/s  0:02 left",
        "backfill: 100 %  1,000/1,000",
    ]


def test_those_who_were_not_migrated_are_shown(wide):
    bad = Progress(10, 5, 2, 1.0, None, counts=Counts(migrated=3, failed=2))

    assert "2 not migrated" in shown(io.StringIO(), bad)
    assert "\x1b[31m" in shown(Terminal(), bad)


def test_a_long_wait_is_told_in_hours():
    slow = Progress(10_000, 1, 0, 1.0, 7_384.0)

    assert "2:03:04 left" in shown(io.StringIO(), slow)


def read_all(terminal):
    """Yield what is written to a terminal until nobody has it open any more."""
    while True:
        try:
            yield os.read(terminal, 4096)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return


@pytest.mark.slow
def test_the_command_draws_on_a_terminal(database_url):
    crowd(60)
    ours, theirs = pty.openpty()
    env = {**environment(database_url, BACKFILL_SECONDS_EACH=0.005), "COLUMNS": "90"}
    with started("child", "authz_backfill", env=env, stderr=theirs) as process:
        os.close(theirs)
        drawn = b"".join(read_all(ours))
        status, written = ended(process)
    os.close(ours)

    assert status == 0, (written, drawn)
    assert b"\r" in drawn
    assert b"60/60" in drawn
    assert "60 users: 60 migrated." in written
