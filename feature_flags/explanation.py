"""Why a flag is on or off for one subject, in lines that people read."""

from __future__ import annotations

from collections.abc import Iterator

from .buckets import ALL, as_percent, bucket
from .declarations import Flag
from .evaluator import STEPS, evaluate, unit_rule
from .plans import Plan
from .snapshot import Snapshot
from .subjects import FlagSubject

WIDTH = 14


def explain(snapshot: Snapshot, flag: Flag, subject: FlagSubject) -> list[str]:
    """Tell step by step how ``evaluate`` comes to its answer.

    Args:
        snapshot: the one to explain by.
        flag: as declared.
        subject: who is asked about.

    """
    who = f"subject {subject.id}" if subject.id else "nobody in particular"
    return [
        f"{flag.name} for {who}: {evaluate(snapshot, flag, subject)}",
        *_steps(snapshot, snapshot.plan(flag), subject),
        f"  {'snapshot':{WIDTH}}{_age(snapshot)}",
    ]


def _steps(snapshot: Snapshot, plan: Plan, subject: FlagSubject) -> Iterator[str]:
    for step in STEPS:
        answer = step.ask(snapshot, plan, subject)
        yield f"  {step.name:{WIDTH}}{'no' if answer is None else answer}"
        if answer is not None:
            return
        if step.name == "prerequisite":
            yield from (f"  {'':{WIDTH}}{each.name} is on" for each in plan.prerequisites)
    yield from _units(plan, subject)


def _units(plan: Plan, subject: FlagSubject) -> Iterator[str]:
    if not plan.by_unit:
        return
    if len(subject.units) > 1:
        yield f"  {'':{WIDTH}}on only if all {len(subject.units)} units are"
    for unit in subject.units:
        rule = unit_rule(plan, unit)
        where = f"bucket {bucket(plan.salt, unit)} of {ALL}"
        yield f"  {'':{WIDTH}}{unit}: {rule.words if rule else _outside(plan)} ({where})"


def _outside(plan: Plan) -> str:
    sizes = [rule.cohort.basis_points for rule in plan.by_unit if rule.ramps and rule.live]
    return f"not in {as_percent(max(sizes))}" if sizes else "in no cohort"


def _age(snapshot: Snapshot) -> str:
    if snapshot.content is None:
        return "the flags were never read: safe values"
    return f"{snapshot.source}, {snapshot.age:.1f} s old"
