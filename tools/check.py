"""Check everything that can be checked without running the tests: ``python -m tools.check``.

Every check runs, whatever the ones before it found; one that passes takes one line.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

LAYERS = "import sys; from importlinter.cli import lint_imports_command as c; c(sys.argv[1:])"
CHECKS = {
    "lint": ("-m", "ruff", "check"),
    "format": ("-m", "ruff", "format", "--diff"),
    "types": ("-m", "mypy"),
    "layers": ("-c", LAYERS, "--no-logo"),
    "migrations": ("manage.py", "makemigrations", "--check", "--dry-run"),
    "documents": ("-m", "tools.check_docs"),
    "examples": ("-m", "pytest", "-q", "-n0", "-m", "not slow", "tests/documents"),
}
MENDS = {
    "lint": "what carries a [*] is mended by: .venv/bin/python -m ruff check --fix",
    "format": "mended by: .venv/bin/python -m ruff format",
    "migrations": "made by: .venv/bin/python manage.py makemigrations",
    "documents": "pages that are made from the code: .venv/bin/python -m tools.reference",
    "examples": "how blocks in documents are written: CONTRIBUTING.md, Documents",
}


def main(names: list[str]) -> int:
    """Run the named checks, or all, and return the exit status."""
    if unknown := set(names) - set(CHECKS):
        print(f"no such check: {', '.join(sorted(unknown))}; there are {', '.join(CHECKS)}")
        return 2
    failed = [name for name in names or CHECKS if not passes(name)]
    if failed:
        print(f"\nfailed: {', '.join(failed)} (again: make check ARGS='{' '.join(failed)}')")
        return 1
    print("\nnothing found")
    return 0


def passes(name: str) -> bool:
    """Run one check; show what it found, and its mend."""
    begin = time.monotonic()
    print(f"{name:<11}", end=" ", flush=True)
    done = subprocess.run(
        [sys.executable, *CHECKS[name]],
        cwd=ROOT,
        env=clean(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    verdict = "FAILED" if done.returncode else "ok"
    print(f"{verdict:<6} {time.monotonic() - begin:5.1f} s", flush=True)
    if done.returncode:
        print(done.stdout.rstrip(), MENDS.get(name, ""), sep="\n", flush=True)
    return not done.returncode


def clean() -> dict[str, str]:
    """Return the environment without settings of a platform that is run by hand."""
    ours = ("MONOLITH_", "DJANGO_SETTINGS_MODULE")
    return {key: value for key, value in os.environ.items() if not key.startswith(ours)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
