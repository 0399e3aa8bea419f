"""The gradebook service beside the platform: its rows and its policy, its start and its end."""

import http.client
import io
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO, Self

from django.conf import settings
from django.core.management import call_command

from monolith.demo.dying_together import with_parent

HOST = "127.0.0.1"
PATIENCE = 30.0


class ServiceError(RuntimeError):
    """The service did not come up; the message says what it said."""


class GradebookService:
    """One process of uvicorn with the gradebook; ends with the block.

    Args:
        port: on this machine.
        origins: the pages that may call it.
        redis: where changes of roles are published; empty: nowhere.
        folder: for its files.

    """

    def __init__(self, port: int, *, origins: str, redis: str, folder: Path) -> None:
        self.port = port
        self.log = folder / "gradebook.log"
        self._policy = folder / "policy.json"
        self._rows = folder / "gradebook.jsonl"
        self._process: subprocess.Popen[bytes] | None = None
        tokens = settings.AUTHMIGRATION["TOKENS"]
        self._environment = {
            # Nothing of the platform's but where Python and its packages are.
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "PYTHONUNBUFFERED": "1",
            "GRADEBOOK_DATABASE": str(folder / "gradebook.sqlite3"),
            "GRADEBOOK_ORIGINS": origins,
            "AUTH_LIB_ISSUER": tokens["ISSUER"],
            "AUTH_LIB_AUDIENCE": "gradebook",
            "AUTH_LIB_SECRET": settings.TOKEN_SECRET,
            "AUTH_LIB_POLICY": str(self._policy),
            "AUTH_LIB_REDIS_URL": redis,
        }

    def __enter__(self) -> Self:
        said = io.StringIO()
        call_command("authz_policy", "export", "--output", str(self._policy), stdout=said)
        call_command("export_gradebook", str(self._rows), stdout=said)
        with self.log.open("wb") as out:
            self._load(out)
            self._process = self._started(out, ["uvicorn", *self._arguments()])
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _arguments(self) -> list[str]:
        place = ["--host", HOST, "--port", str(self.port), "--no-access-log"]
        return ["--factory", "services.gradebook.app:create", *place]

    def _load(self, out: BinaryIO) -> None:
        loading = self._started(out, ["services.gradebook.loading", str(self._rows)])
        if loading.wait():
            raise ServiceError(self._said("Its rows were not loaded."))

    def _started(self, out: BinaryIO, words: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 -- modules of our own
            [sys.executable, "-m", *words],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=settings.BASE_DIR,
            # No thread runs yet, so that nothing is locked for ever in the child.
            preexec_fn=with_parent(),  # noqa: PLW1509
        )

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
            try:
                connection.request("GET", "/healthz")
                if connection.getresponse().status == http.client.OK:
                    return
            except OSError:
                time.sleep(0.1)
            finally:
                connection.close()
        raise ServiceError(self._said("It did not come up."))

    def _said(self, what: str) -> str:
        last = self.log.read_text(errors="replace").strip().splitlines()[-1:]
        return f"The gradebook service: {what} {' '.join(last)} ({self.log})"
