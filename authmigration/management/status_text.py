"""The state of the migration as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from ..capture import TableState
from ..progress import STATES, Status, sentence
from .tables import aligned


def lines_of(status: Status) -> Iterator[str]:
    """Yield the state of the migration line by line, the sentence first."""
    yield sentence(status)
    yield from _section("State", _state(status))
    yield from _section("Stages", _stages(status))
    yield from _section("Users", _users(status))
    yield from _section("Comparisons", status.comparisons.ended.items())
    yield from _section("Open mismatches", status.comparisons.open.items())
    yield from _section("Capture", ((t.table, t.state, t.reason) for t in status.capture))
    if status.cohorts:
        yield from _section("Cohorts", _cohorts(status))
    if status.units:
        yield from _section("Units", _units(status))


def _section(title: str, rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    return chain(("", title), aligned(list(rows)))


def _state(status: Status) -> Iterator[tuple[str, object]]:
    mapping, marks = status.mapping, status.marks
    yield "kill switch", str(status.kill)
    yield "ceiling", status.ceiling
    yield "mapping", f"{mapping.hash}, {_version(mapping.version, mapping.newest)}"
    yield "epoch", f"{marks.epoch:,}"
    yield (
        "waiting marks",
        f"{marks.subjects:,} of single subjects, {marks.epochs:,} for the epoch",
    )
    seen = sum(table.state is TableState.INSTALLED for table in status.capture)
    yield "capture", f"{seen} of {len(status.capture)} tables"


def _version(version: int | None, newest: int | None) -> str:
    if version is None:
        return "nobody migrated under it yet"
    if newest is not None and version < newest:
        return f"version {version}; another process uses version {newest}"
    return f"version {version}"


def _stages(status: Status) -> Iterator[tuple[str, str]]:
    for rules in status.stages:
        barred = f"; kept below: {', '.join(rules.bars)}" if rules.bars else ""
        off = f"; off for everybody: {rules.off}" if rules.off else ""
        yield rules.stage.value, f"{', '.join(rules.admits) or 'nobody'}{barred}{off}"


def _users(status: Status) -> Iterator[tuple[object, ...]]:
    counts = status.counts
    yield "total", counts.total
    for state, count in counts.by_state().items():
        yield state, count, f"{count / counts.total:.1%}" if counts.total else ""
    yield "over the context limit", counts.over_limit


def _cohorts(status: Status) -> Iterator[tuple[object, ...]]:
    yield ("cohort", "stage", "members", *STATES)
    for cohort, stage, counts, note in status.cohorts or ():
        numbers = (counts.total, *counts.by_state().values()) if counts is not None else (note,)
        yield (cohort, stage, *numbers)


def _units(status: Status) -> Iterator[tuple[object, ...]]:
    yield ("unit", "stage", "members", *STATES)
    for unit, stage, counts in status.units or ():
        yield (unit, stage, counts.total, *counts.by_state().values())
