"""Every benchmark runs, with sizes so small that nothing is judged, and leaves nothing behind."""

import os
import subprocess
import sys
from importlib.util import find_spec

import psycopg
import pytest

from tests.services import postgres_server
from tools.run_benchmarks import ROOT, benchmarks

pytestmark = pytest.mark.slow

ON_POSTGRES = ("kill_latency", "race")
TEXTS = {name: (ROOT / "benchmarks" / f"{name}.py").read_text("utf-8") for name in benchmarks()}
SHARED = sorted(name for name, text in TEXTS.items() if "engines.run(" in text)
ON_SQLITE = [name for name in SHARED if name not in ON_POSTGRES]


def run(name, *arguments):
    """Run one benchmark; return its process and what it printed."""
    command = [sys.executable, "-m", f"benchmarks.{name}", "--tiny", *arguments]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONDEVMODE": "0"},
    )
    printed, _ = process.communicate(timeout=240)
    return process, printed


@pytest.mark.parametrize("name", ON_SQLITE)
def test_it_runs_on_sqlite_or_without_a_database(name):
    if name == "warm_check" and find_spec("guardian") is None:
        pytest.skip("django-guardian comes with make bench")
    on_sqlite = "SQLITE)" in TEXTS[name]

    process, printed = run(name, *(["--on", "sqlite"] if on_sqlite else []))

    assert process.returncode == 0, printed
    assert "load average" in printed
    assert ("SQLite" if on_sqlite else "no database") in printed
    assert "MISSED" not in printed


@pytest.mark.postgres
@pytest.mark.parametrize("name", ON_POSTGRES)
def test_it_runs_on_postgresql_and_drops_its_database(name):
    process, printed = run(name)

    assert process.returncode == 0, printed
    assert "PostgreSQL" in printed
    assert "not judged" in printed
    assert f"authmigration_benchmark_{process.pid}" not in databases()


def test_each_benchmark_that_is_written_on_the_common_ground_is_run_here():
    assert {"decide", "filter_queryset", "first_access", "query_counts", "warm_check"} <= set(
        ON_SQLITE
    )


def databases():
    """Return the names of the databases of the server, if it still runs."""
    url = postgres_server.url()
    if url is None:
        return set()
    with psycopg.connect(url.rpartition("/")[0] + "/postgres") as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
