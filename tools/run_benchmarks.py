"""Run the benchmarks, or the named ones: ``python -m tools.run_benchmarks [NAME ...]``.

Each prints its machine and its peer, and ends with another status than 0 where it misses its limit.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START = 'if __name__ == "__main__":'


def main(names: list[str]) -> int:
    """Run them one after the other and return the exit status."""
    there = benchmarks()
    if unknown := sorted(set(names) - set(there)):
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(there)}")
        return 2
    missed = [name for name in names or there if run(name)]
    print(f"\nmissed: {', '.join(missed)}" if missed else "\nall within their limits")
    return 1 if missed else 0


def benchmarks() -> list[str]:
    """Return the names of the scripts that can be started."""
    scripts = sorted((ROOT / "benchmarks").glob("*.py"))
    return [script.stem for script in scripts if START in script.read_text(encoding="utf-8")]


def run(name: str) -> int:
    """Run one benchmark and return its exit status."""
    print(f"\n== {name}", flush=True)
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
