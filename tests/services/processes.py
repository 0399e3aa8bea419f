"""Start a server of a test's own, on a free port of loopback, and stop it."""

import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

START_SECONDS = 60
STOP_SECONDS = 20


class ServerDidNotStartError(Exception):
    """The server ended or stayed silent; the text is its own log."""


def free_port() -> int:
    """Return a port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listens(port: int) -> bool:
    """Tell whether something accepts connections on this port of loopback."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def folder_of_wheel(package: str) -> Path | None:
    """Return where an installed package lies, without importing it."""
    spec = find_spec(package)
    return Path(next(iter(spec.submodule_search_locations or []))) if spec else None


@contextmanager
def running(
    command: Sequence[str], ready: Callable[[], bool], log: Path, **options: Any
) -> Iterator[None]:
    """Run a server until the block ends.

    Raises:
        ServerDidNotStartError: it ended, or was not ready in time.

    """
    with log.open("w") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **options
        )
        try:
            wait_for(process, ready, log)
            yield
        finally:
            stop(process)


def wait_for(process: subprocess.Popen[bytes], ready: Callable[[], bool], log: Path) -> None:
    """Wait until the server is ready."""
    end = time.monotonic() + START_SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            raise ServerDidNotStartError(log.read_text(errors="replace"))
        time.sleep(0.05)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the server with SIGINT: on SIGTERM PostgreSQL would wait for its clients."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
