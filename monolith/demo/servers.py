"""Real server processes of the platform on free ports of this machine."""

import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings

HOST = "127.0.0.1"
PATIENCE = 60.0


class ServerError(RuntimeError):
    """A server did not come up; the message says what it said."""


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        try:
            probe.bind((HOST, 0))
        except OSError as error:
            raise ServerError(
                f"No port can be opened on {HOST} ({error}): let this user listen on loopback."
            ) from error
        return int(probe.getsockname()[1])


class Server:
    """One process that serves the platform."""

    def __init__(self, name: str, **env: str) -> None:
        self.name = name
        self.port = free_port()
        self.log = Path(settings.BASE_DIR) / "var" / f"demo-{name}.log"
        self._out = self.log.open("w")
        manage = str(Path(settings.BASE_DIR) / "manage.py")
        self.process = subprocess.Popen(  # noqa: S603 -- the project's own command
            [sys.executable, manage, "runserver", "--noreload", f"{HOST}:{self.port}"],
            env={**os.environ, **env},
            stdout=self._out,
            stderr=subprocess.STDOUT,
            cwd=settings.BASE_DIR,
        )

    def wait(self) -> None:
        """Return once it answers."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                connection = http.client.HTTPConnection(HOST, self.port, timeout=10)
                connection.request("GET", "/login/")
                connection.getresponse().read()
            except OSError:
                time.sleep(0.1)
            else:
                connection.close()
                return
        self.stop()
        said = self.log.read_text(errors="replace")[-2000:]
        raise ServerError(f"Server {self.name} did not come up. It said:\n{said}")

    def stop(self) -> None:
        """End the process."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self._out.close()
