"""Processes that backfill, started, watched and killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from authmigration.models import BackfillChunk, BackfillRun
from tests.architecture.source import ROOT

LEASE = 3.0
PATIENCE = 60.0
HERE = "tests.authmigration.backfill"


def environment(database_url: str, **more: object) -> dict[str, str]:
    own = {
        "MONOLITH_DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": f"{HERE}.settings",
        "BACKFILL_LEASE": LEASE,
        "BACKFILL_CHUNK": 200,
        **more,
    }
    return {**os.environ, **{name: str(value) for name, value in own.items()}}


@contextmanager
def started(
    module: str, *arguments: str, env: dict[str, str], stderr: int = subprocess.STDOUT
) -> Iterator[subprocess.Popen]:
    """Run a module of these tests until the block ends, in a process group of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"{HERE}.{module}", *arguments],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        kill(process)
        process.communicate()


def kill(process: subprocess.Popen, number: signal.Signals = signal.SIGKILL) -> None:
    """Send a signal to a process and all its children, as the kernel does when memory is short."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def ended(process: subprocess.Popen) -> tuple[int, str]:
    """Wait for the end; return the exit status and what was written."""
    written, _ = process.communicate(timeout=PATIENCE)
    return process.returncode, written


def until(condition: Callable[[], bool], process: subprocess.Popen | None = None) -> None:
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if process is not None and process.poll() is not None:
            raise AssertionError(f"it ended with {process.returncode}:\n{process.stdout.read()}")
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.02)


def in_the_middle() -> bool:
    """Whether some chunk is begun and not done."""
    return BackfillChunk.objects.filter(done_at=None, migrated__gt=0).exists()


def finished() -> bool:
    return BackfillRun.objects.exclude(finished_at=None).exists()
