"""Everything that ``authz_status`` and the page show, read at one time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .. import capture, conf
from ..rollout.killing import KillState, kill_state
from ..rollout.telling import StageRules, stage_rules
from .cohorts import CohortProgress, cohort_progress
from .counting import Counts, everybody
from .gathering import Comparisons, Mapping, Marks, comparisons, mapping, marks
from .units import UnitProgress, unit_progress


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the migration.

    Attributes:
        kill: whether the stages are killed, and by what.
        ceiling: the stage above which nobody is.
        stages: the rules of the three flags.
        capture: each table that should be watched, and whether it is.
        mapping: the declarations of this process.
        counts: all users by state.
        marks: captured changes.
        comparisons: old answers beside new ones.
        cohorts: progress by rollout cohort; None where nobody asked for it.
        units: progress unit by unit; None where nobody asked for it.

    """

    kill: KillState
    ceiling: str
    stages: tuple[StageRules, ...]
    capture: tuple[capture.TableStatus, ...]
    mapping: Mapping
    counts: Counts
    marks: Marks
    comparisons: Comparisons
    cohorts: tuple[CohortProgress, ...] | None = None
    units: tuple[UnitProgress, ...] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as values of JSON; the keys are stable."""
        return {
            "kill": _kill(self.kill),
            "ceiling": self.ceiling,
            "stages": [_rules(each) for each in self.stages],
            "capture": [
                {"table": t.table, "state": t.state.value, "reason": t.reason} for t in self.capture
            ],
            "mapping": self.mapping._asdict(),
            "subjects": self.counts.as_json(),
            "marks": self.marks._asdict(),
            "comparisons": self.comparisons.ended,
            "open_mismatches": self.comparisons.open,
            "cohorts": [_cohort(each) for each in self.cohorts or ()],
            "units": [
                {"unit": u.unit, "stage": u.stage, **u.counts.as_json()} for u in self.units or ()
            ],
        }


def status(*, with_units: bool = True) -> Status:
    """Read the state of the migration.

    Args:
        with_units: False to leave cohorts and units out, which cost calls of the host.

    Raises:
        DeclarationError: the declarations contradict themselves, so that nothing can be counted.

    """
    counts = everybody()
    return Status(
        kill=kill_state(),
        ceiling=conf.get().ceiling,
        stages=stage_rules(),
        capture=capture.status(),
        mapping=mapping(),
        counts=counts,
        marks=marks(),
        comparisons=comparisons(),
        cohorts=cohort_progress(counts) if with_units else None,
        units=unit_progress() if with_units else None,
    )


def _kill(state: KillState) -> dict[str, Any]:
    return {
        "on": state.on,
        "by": list(state.by),
        "reason": state.reason,
        "since": state.since.isoformat() if state.since else None,
    }


def _cohort(found: CohortProgress) -> dict[str, Any]:
    return {
        "cohort": found.cohort,
        "stage": found.stage,
        "note": found.note,
        "counts": found.counts.as_json() if found.counts is not None else None,
    }


def _rules(rules: StageRules) -> dict[str, Any]:
    return {
        "stage": rules.stage.value,
        "flag": rules.flag,
        "admits": list(rules.admits),
        "bars": list(rules.bars),
        "off": rules.off,
    }
