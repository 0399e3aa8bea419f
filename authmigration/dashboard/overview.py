"""What the page shows, as values for its template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from .. import progress
from ..capture import TableState
from ..progress import CohortProgress, Status, UnitProgress
from ..rollout import Stage
from ..rollout.telling import stage_rules
from .bars import Bar, bar_of

MEANING = {
    Stage.SHADOW: "Legacy answers; the new answer is compared with it.",
    Stage.ENFORCE: "The new facts answer; setting it back takes effect within a second.",
    Stage.RETIRED: "Legacy is no longer read. There is no way back.",
}


class Row(NamedTuple):
    """A cohort or a unit.

    Attributes:
        name: as an administrator writes it.
        stage: its stage.
        bar: its members by state; None where they are not counted.
        note: what is said in place of a bar.

    """

    name: str
    stage: str
    bar: Bar | None
    note: str


def overview(page: int) -> dict[str, Any]:
    """Return the whole page.

    Args:
        page: which page of the units.

    Raises:
        DeclarationError: the declarations contradict themselves, so that nothing can be counted.

    """
    found = progress.status(with_units=False)
    units = progress.page_of_units(page)
    return {
        "status": found,
        "sentence": progress.sentence(found),
        "stages": [(rules, MEANING[rules.stage]) for rules in found.stages],
        "bar": bar_of(found.counts),
        "over_limit": f"{found.counts.over_limit:,}",
        "retired": f"{found.counts.retired:,}" if found.counts.retired else "",
        "cohorts": list(_cohorts(progress.cohort_progress(found.counts))),
        "units": list(_units(units.rows)),
        "unit_page": units,
        "comparisons": list(_texts(found.comparisons.ended)),
        "mismatches": list(_texts(found.comparisons.open)),
        "escalations": found.comparisons.open["escalation"],
        "unseen": [each for each in found.capture if each.state is not TableState.INSTALLED],
        "facts": list(_facts(found)),
    }


def enforced() -> str:
    """Return the cohorts that a kill gives back to legacy, as words; empty where there are none."""
    rules = next(each for each in stage_rules() if each.stage is Stage.ENFORCE)
    return progress.listed(rules.admits)


def _cohorts(rows: Iterable[CohortProgress]) -> Iterator[Row]:
    for cohort, stage, counts, note in rows:
        yield Row(cohort, stage, bar_of(counts) if counts is not None else None, note)


def _units(rows: Iterable[UnitProgress]) -> Iterator[Row]:
    for unit, stage, counts in rows:
        yield Row(unit, stage, bar_of(counts), "")


def _texts(numbers: dict[str, int]) -> Iterator[tuple[str, int, str]]:
    for name, count in numbers.items():
        yield name, count, f"{count:,}"


def _facts(found: Status) -> Iterator[tuple[str, str]]:
    mapping, marks = found.mapping, found.marks
    seen = len(found.capture) - sum(t.state is not TableState.INSTALLED for t in found.capture)
    yield "Ceiling", found.ceiling
    yield "Declarations", f"{mapping.hash}, {_version(mapping.version, mapping.newest)}"
    yield "Captured tables", f"{seen:,} of {len(found.capture):,}"
    yield "Changes to follow", f"{marks.subjects:,} of single users"
    yield "Epoch", f"{marks.epoch:,}, of which {marks.epochs:,} not added up yet"


def _version(version: int | None, newest: int | None) -> str:
    if version is None:
        return "under which nobody has migrated yet"
    behind = newest is not None and version < newest
    return f"version {version}" + (f" (another process uses {newest})" if behind else "")
