"""Every benchmark runs once on each engine, in a process and a database of its own."""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.core.management import call_command
from django.db import connection

from benchmarks.report import ROOT, Report
from monolith.database_url import VARIABLE

POSTGRESQL, SQLITE = "postgresql", "sqlite"
Measure = Callable[[Report], None]


def run(measure: Measure, *engines: str) -> int:
    """Measure on each engine and return the exit status of ``python -m benchmarks.NAME``.

    Args:
        measure: adds the figures to a report.
        engines: on which; another process, with ``--here``, does each. Without any, this process
            measures and there is no database.

    """
    module = sys.modules["__main__"]
    name = module.__spec__.name if module.__spec__ else ""
    options = arguments(measure.__doc__, engines)
    if options.here:
        call_command("migrate", verbosity=0)
    if options.here or not engines:
        engine = connection.display_name if engines else ""
        about, benchmark = str(module.__doc__).strip(), name.rpartition(".")[2]
        return measured(measure, Report(benchmark, about, engine, tiny=options.tiny))
    chosen = [options.on] if options.on else engines
    return max(on(engine, name, tiny=options.tiny) for engine in chosen)


def arguments(about: str | None, engines: tuple[str, ...]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--on", choices=engines, help="measure on one engine only")
    parser.add_argument("--tiny", action="store_true", help="see that it runs; judge nothing")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def measured(measure: Measure, report: Report) -> int:
    """Measure, and return the exit status."""
    report.say(report.machine())
    measure(report)
    return report.finish()


def on(engine: str, module: str, *, tiny: bool) -> int:
    """Measure on one engine, in a process of its own."""
    with {POSTGRESQL: postgresql, SQLITE: sqlite}[engine]() as url:
        if url is None:
            return 1
        command = [sys.executable, "-m", module, "--here", *(["--tiny"] if tiny else [])]
        environment = {**os.environ, VARIABLE: url}
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


@contextmanager
def sqlite() -> Iterator[str]:
    """Yield the URL of an empty database in a file."""
    with tempfile.TemporaryDirectory(prefix="authmigration-benchmark-") as folder:
        yield f"sqlite:///{folder}/benchmark.sqlite3"


@contextmanager
def postgresql() -> Iterator[str | None]:
    """Yield the URL of an empty database on the server of the tests; None where none can be."""
    from tests.services import postgres_server

    if running := postgres_server.url():
        with database(running) as url:
            yield url
    elif postgres_server.binaries():
        with postgres_server.started() as own, database(own) as url:
            yield url
    else:
        print(f"not measured on {postgres_server.NAME}: {postgres_server.HOW}")
        yield None


@contextmanager
def database(server: str) -> Iterator[str]:
    """Make a database on a server, yield its URL, and drop it."""
    import psycopg
    from psycopg.sql import SQL, Identifier

    name = f"authmigration_benchmark_{os.getpid()}"
    parts = urlsplit(server)
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        try:
            yield parts._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
