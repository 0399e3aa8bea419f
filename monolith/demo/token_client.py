"""Building the token client of the pages, where Node.js is there."""

import shutil
import subprocess
from pathlib import Path

from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "clients" / "js"
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
    with log.open("w") as out:
        for words in (("ci", "--no-audit", "--no-fund"), ("run", "build")):
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


def _newest() -> float:
    source = [*FOLDER.glob("src/*.ts"), FOLDER / "package-lock.json", FOLDER / "package.json"]
    return max(path.stat().st_mtime for path in source)
