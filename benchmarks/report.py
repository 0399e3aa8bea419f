"""What a benchmark prints: the machine, each figure beside its peer, and whether a limit holds."""

import json
import operator
import os
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from django.db import connection

from benchmarks.rounds import Paired

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "var" / "figures"
PACKAGES = ("Django", "psycopg", "django-guardian", "PyJWT", "cryptography")
SECONDS = {"us": 1e6, "ms": 1e3, "s": 1.0}
Limit = tuple[Literal["<=", ">=", "=="], float]
HOLDS = {"<=": operator.le, ">=": operator.ge, "==": operator.eq}


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report.

    Attributes:
        what: is measured.
        engine: the database it was measured on.
        ours: what was measured, with its unit.
        peer: the name of the peer, and what it was measured at; empty without one.
        value: what the limit speaks of: the ratio where there is a peer.
        limit: as text; empty where there is none.
        kept: whether it holds; None where nothing was judged.

    """

    what: str
    engine: str
    ours: str
    peer: str
    value: str
    limit: str
    kept: bool | None


class Report:
    """Collects and prints the figures of one benchmark on one engine.

    Args:
        benchmark: its name.
        about: what it measures, in a sentence.
        engine: the database that it is measured on; empty where there is none.
        tiny: sizes are so small that no limit is judged.

    """

    def __init__(self, benchmark: str, about: str, engine: str, *, tiny: bool) -> None:
        self.benchmark = benchmark
        self.about = about
        self.engine = engine
        self.tiny = tiny
        self.figures: list[Figure] = []

    def sized(self, full: int, tiny: int) -> int:
        """Return a size: the full one, or the one that is enough to see that all runs."""
        return tiny if self.tiny else full

    def say(self, text: str) -> None:
        """Print a line at once."""
        print(text, flush=True)

    def machine(self) -> str:
        """Return what the figures are measured on; no name of any host is in it."""
        packages = [f"{name} {found}" for name in PACKAGES if (found := installed(name))]
        load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
        parts = [
            f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs, load average {load}",
            f"Python {platform.python_version()}, {', '.join(packages)}",
            server() if self.engine else "no database",
        ]
        return "; ".join(parts)

    def compare(
        self,
        what: str,
        measured: Paired,
        *,
        peer: str,
        unit: str,
        limit: Limit | None = None,
        rate: str = "",
    ) -> None:
        """Add a figure with its peer.

        Args:
            what: is measured.
            measured: both sides.
            peer: the name of the other side.
            unit: of the times: ``us``, ``ms`` or ``s``.
            limit: what the ratio must keep; None: nothing is asked of it.
            rate: what is counted by the second instead of timed, as in ``users/s``; the ratio is
                then the other way round: how many times as many.

        """
        shown = measured.inverted() if rate else measured
        ours, peers = (told(each, unit, rate) for each in (measured.ours, measured.peers))
        low, high = shown.middle_half
        ratio = f"{shown.ratio:.2f} x (half of the rounds: {low:.2f} to {high:.2f})"
        self._add(what, ours, f"{peer}: {peers}", ratio, limit, shown.ratio)

    def state(self, what: str, value: float, unit: str, limit: Limit | None = None) -> None:
        """Add a figure without a peer."""
        number = f"{value:,}" if isinstance(value, int) else f"{value:.4g}"
        self._add(what, f"{number} {unit}".strip(), "", "", limit, value)

    def _add(  # noqa: PLR0917 -- the columns of one line
        self, what: str, ours: str, peer: str, value: str, limit: Limit | None, number: float
    ) -> None:
        text = f"{limit[0]} {limit[1]:g}{' x' if peer else ''}" if limit else ""
        kept = holds(number, limit) if limit and not self.tiny else None
        figure = Figure(what, self.engine, ours, peer, value, text, kept)
        self.figures.append(figure)
        self.say(line(figure, judged=not self.tiny))

    def finish(self) -> int:
        """Keep the figures for ``benchmarks.record``, and return the exit status."""
        missed = [figure.what for figure in self.figures if figure.kept is False]
        if missed:
            self.say(f"MISSED{f' on {self.engine}' if self.engine else ''}: {'; '.join(missed)}")
        if not self.tiny:
            self._keep()
        return 1 if missed else 0

    def _keep(self) -> None:
        FIGURES.mkdir(parents=True, exist_ok=True)
        figures = [asdict(figure) for figure in self.figures]
        record = {"about": self.about, "machine": self.machine(), "figures": figures}
        text = json.dumps(record, indent=1)
        name = "-".join(filter(None, (self.benchmark, self.engine.lower())))
        (FIGURES / f"{name}.json").write_text(text, encoding="utf-8")


def line(figure: Figure, *, judged: bool) -> str:
    """Return a figure as one line of text."""
    parts = [figure.ours]
    if figure.peer:
        parts += [figure.peer, figure.value]
    if figure.limit:
        verdict = {True: "kept", False: "MISSED", None: "not judged"}[figure.kept]
        parts.append(f"limit {figure.limit}: {verdict}")
    elif judged:
        parts.append("no limit")
    where = f"{figure.engine}, " if figure.engine else ""
    return f"{where}{figure.what}: {'; '.join(parts)}"


def told(taken: float, unit: str, rate: str) -> str:
    """Return a time as text, or how many of them go into a second."""
    return f"{1 / taken:.0f} {rate}" if rate else f"{taken * SECONDS[unit]:.2f} {unit}"


def holds(number: float, limit: Limit) -> bool:
    """Tell whether a number keeps a limit."""
    sign, bound = limit
    return bool(HOLDS[sign](number, bound))


def installed(package: str) -> str | None:
    """Return the version of a package; None where it is missing."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def server() -> str:
    """Return the database, its version, and what its durability costs."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT current_setting('server_version'), current_setting('fsync')")
            number, fsync = cursor.fetchone()
            return f"PostgreSQL {number.split()[0]} on loopback, fsync {fsync}"
        cursor.execute("SELECT sqlite_version()")
        return f"SQLite {cursor.fetchone()[0]}, write-ahead log"
