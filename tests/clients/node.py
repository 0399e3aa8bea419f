"""Node.js with npm, and the packages that the TypeScript client is built with."""

import fcntl
import hashlib
import shutil
import subprocess
from functools import cache
from pathlib import Path

NAME = "Node.js 20 with npm"
HOW = "install it, as in: apt install nodejs npm"
FOLDER = Path(__file__).resolve().parents[2] / "clients" / "js"
OLDEST = 20


@cache
def available() -> bool:
    """Tell whether a Node.js is here that is new enough, and npm with it."""
    if not shutil.which("node") or not shutil.which("npm"):
        return False
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    return int(version.stdout.removeprefix("v").split(".")[0]) >= OLDEST


def installed() -> Path:
    """Install what package-lock.json says, unless it is there; return the folder of the client."""
    lock = (FOLDER / "package-lock.json").read_bytes()
    wanted, stamp = hashlib.sha256(lock).hexdigest(), FOLDER / "node_modules" / ".stamp"
    with (FOLDER / "package-lock.json").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not stamp.is_file() or stamp.read_text() != wanted:
            npm("ci", "--no-audit", "--no-fund")
            stamp.write_text(wanted)
    return FOLDER


def built() -> Path:
    """Build what is shipped, unless it is newer than its sources; return the folder."""
    installed()
    sources = [*FOLDER.glob("src/*.ts"), *FOLDER.glob("scripts/*"), FOLDER / "package-lock.json"]
    product = FOLDER / "dist" / "index.js"
    newest = max(source.stat().st_mtime for source in sources)
    if not product.is_file() or product.stat().st_mtime < newest:
        npm("run", "build")
    return FOLDER


def npm(*arguments: str) -> str:
    """Run npm in the folder of the client and return what it said; it fails with all of that."""
    done = subprocess.run(
        ["npm", *arguments],
        cwd=FOLDER,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"npm {' '.join(arguments)}\n{done.stdout[-20_000:]}"
    return done.stdout
