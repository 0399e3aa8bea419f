"""How fast the auditor reads, beside bandit on the same files: lines per CPU-second, one process.

The code is Weblate 5.17, 128,000 lines of it without tests and migrations, downloaded by its hash
as for ``make audit-corpus``. A figure is the best of three runs, less the time of starting up.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import corpus_download

ROOT = Path(__file__).resolve().parent.parent
LABELS = ROOT / "tools" / "corpus" / "entries.json"
FOLDER = Path(os.environ.get("AUDIT_CORPUS", ROOT / "var" / "corpus"))
RELEASE = "weblate==5.17"
ROUNDS = 3
AUDIT = [sys.executable, "-m", "authmigration.auditor"]
BANDIT = [sys.executable, "-m", "bandit", "-q", "-r", "-f", "json", "-o", os.devnull]


def main() -> int:
    """Measure and print; 1 where a figure misses its limit."""
    entries = [e for e in json.loads(LABELS.read_text()) if e["snapshot"] == RELEASE]
    corpus_download.download(entries, FOLDER)
    code = str(FOLDER / RELEASE)
    with tempfile.TemporaryDirectory() as scratch:
        cache = ["--cache", str(Path(scratch) / "cache"), "--format", "github"]
        start = best([*AUDIT, "--rules"])
        first = best([*AUDIT, code, "--no-cache", "--format", "github"]) - start
        seconds([*AUDIT, code, *cache])
        second = best([*AUDIT, code, *cache]) - start
    peer_start = best([sys.executable, "-m", "bandit", "--version"])
    peer = best([*BANDIT, code, "-x", "*/tests/*,*/migrations/*"]) - peer_start
    print(f"authz-audit {first:.2f} CPU-s, again with the cache {second:.2f}, bandit {peer:.2f}")
    print(f"{peer / first:.1f} times bandit (limit 3), second run {first / second:.1f} times (5)")
    return 0 if peer >= 3 * first and first >= 5 * second else 1


def best(command: list[str]) -> float:
    """Return the least CPU time of some runs, in seconds."""
    return min(seconds(command) for _ in range(ROUNDS))


def seconds(command: list[str]) -> float:
    """Return the CPU time of one run, in seconds; raises where the program does not start."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1}:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    sys.exit(main())
