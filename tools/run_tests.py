"""Run the tests on SQLite, then those that touch a database again on PostgreSQL.

``python -m tools.run_tests [arguments for pytest]``. The last lines count both runs.
"""

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "var"
NO_TESTS = 5  # pytest's exit status where nothing was collected


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one run ended."""

    engine: str
    status: int
    passed: int
    failed: int
    skipped: int

    @property
    def executed(self) -> int:
        """How many tests ran to an end, good or bad."""
        return self.passed + self.failed

    def __str__(self) -> str:
        return f"{self.engine}: {self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def main(arguments: list[str]) -> int:
    """Run both and return the exit status."""
    begin = time.monotonic()
    outcomes, closing = [run("sqlite", {}, arguments)], []
    with postgres_url() as url:
        if url:
            environment = {"MONOLITH_DATABASE_URL": url}
            outcomes.append(run("postgresql", environment, ["--database-only", *arguments]))
        else:
            closing.append(not_on_postgres())
    outcomes.append(total(outcomes))
    if not outcomes[-1].executed:
        closing.append("no test was executed: look at the arguments, or at the errors above")
    print(f"\nboth runs took {time.monotonic() - begin:.0f} s", *closing, sep="\n")
    print(*outcomes, sep="\n", flush=True)
    return outcomes[-1].status


def run(engine: str, environment: dict[str, str], arguments: list[str]) -> Outcome:
    """Run pytest once and read its report."""
    report = REPORTS / f"tests-{engine}.xml"
    report.parent.mkdir(exist_ok=True)
    report.unlink(missing_ok=True)
    print(f"tests on {engine}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal"]
    command += [f"--junitxml={report}", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=clean() | environment, check=False)
    return Outcome(engine, done.returncode, *counted(report))


def clean() -> dict[str, str]:
    """Return the environment without settings of a platform that is run by hand."""
    ours = ("MONOLITH_", "DJANGO_SETTINGS_MODULE")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    return kept | {"PYTHONDEVMODE": "1"}


def counted(report: Path) -> tuple[int, int, int]:
    """Return how many passed, failed and were skipped; an error counts as a failure."""
    if not report.exists():
        return 0, 0, 0
    suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314 -- pytest's own file
    rows = [[int(suite.get(name, 0)) for name in COUNTS] for suite in suites]
    total, failures, errors, skipped = (sum(column) for column in zip(*rows, strict=True))
    return total - failures - errors - skipped, failures + errors, skipped


COUNTS = ("tests", "failures", "errors", "skipped")


def total(outcomes: Sequence[Outcome]) -> Outcome:
    """Add the runs up."""
    counts = [(one.passed, one.failed, one.skipped) for one in outcomes]
    return Outcome("total", exit_status(outcomes), *map(sum, zip(*counts, strict=True)))


@contextmanager
def postgres_url() -> Iterator[str | None]:
    """Yield the URL of a PostgreSQL, started for this purpose if none runs; None if none can be."""
    from tests.services import postgres_server

    if url := postgres_server.url():
        yield url
    elif postgres_server.binaries():
        with postgres_server.started() as own:
            yield own
    else:
        yield None


def not_on_postgres() -> str:
    """Name the run that is missing, and the mend."""
    from tests.services import postgres_server

    return f"not run: the tests on {postgres_server.NAME} ({postgres_server.HOW})"


def exit_status(outcomes: Sequence[Outcome]) -> int:
    """Return 0 only if something ran and nothing failed."""
    executed = sum(outcome.executed for outcome in outcomes)
    bad = [outcome for outcome in outcomes if outcome.status not in {0, NO_TESTS}]
    return 1 if bad or not executed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
