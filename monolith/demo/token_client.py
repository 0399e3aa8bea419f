"""Building the token client of the pages, where Node.js is there."""

import fcntl
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "clients" / "js"
LOCK = FOLDER / "package-lock.json"
BUILT = FOLDER / "dist" / "index.js"


class NotBuilt(Exception):
    """The client is not there; the text says why, in one line."""


def build() -> bool:
    """Build the client unless it is newer than its source; return whether that was done.

    Raises:
        NotBuilt: npm is missing, or failed.

    """
    if BUILT.is_file() and BUILT.stat().st_mtime >= _newest():
        return False
    npm = shutil.which("npm")
    if npm is None:
        raise NotBuilt("npm is missing: install Node.js 20 or newer to see the gradebook page.")
    log = Path(settings.BASE_DIR) / "var" / "client-build.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("w") as out, LOCK.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # its tests install and build there as well
        for words in (*_install(), ("run", "build")):
            done = subprocess.run(  # noqa: S603 -- found on the path, with words of our own
                [npm, *words],
                cwd=FOLDER,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                check=False,
            )
            if done.returncode:
                raise NotBuilt(f"npm {words[0]} failed: see {log}.")
    return True


def _install() -> Iterator[tuple[str, ...]]:
    done = FOLDER / "node_modules" / ".package-lock.json"  # npm writes it last
    if not done.is_file() or done.stat().st_mtime < LOCK.stat().st_mtime:
        yield ("ci", "--no-audit", "--no-fund")


def _newest() -> float:
    source = [*FOLDER.glob("src/*.ts"), LOCK, FOLDER / "package.json"]
    return max(path.stat().st_mtime for path in source)
