"""make serve as a process of its own, with its own database, ports and Redis."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.services.processes import free_port, listens, running

ROOT = Path(__file__).resolve().parents[2]
USERS = "300"


@dataclass(frozen=True)
class Served:
    """Both processes, seen from outside."""

    port: int
    gradebook_port: int
    folder: Path
    redis_url: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        database = f"sqlite:///{self.folder / 'serve.sqlite3'}"
        return {
            **os.environ,
            "MONOLITH_DATABASE_URL": database,
            "MONOLITH_REDIS_URL": self.redis_url,
            "MONOLITH_ISSUER": self.url,
            "MONOLITH_GRADEBOOK_URL": f"http://127.0.0.1:{self.gradebook_port}",
            "NO_COLOR": "1",
        }

    def manage(self, *words: str) -> str:
        """Run a command of the platform as its administrator would, beside the server."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(self, sql: str) -> tuple:
        """Return the first row that the database of the platform answers."""
        with closing(sqlite3.connect(self.folder / "serve.sqlite3")) as connection:
            return connection.execute(sql).fetchone()


@contextmanager
def served(folder: Path, redis_url: str) -> Iterator[Served]:
    """Serve until the block ends."""
    place = Served(free_port(), free_port(), folder, redis_url)
    command = [sys.executable, "manage.py", "serve_demo", "--users", USERS, "--folder", str(folder)]
    command += ["--port", str(place.port), "--gradebook-port", str(place.gradebook_port)]
    log = folder / "serve.log"
    with running(command, lambda: listens(place.port), log, cwd=ROOT, env=place.environment):
        yield place
