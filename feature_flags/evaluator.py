"""The one evaluator. It takes a subject and never a request.

Each step answers or passes on; the first answer holds. The order is the meaning: killed,
(overridden by a test), safe while nothing is known, prerequisite, denied, tester, held, and then
cohort and percentage.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from . import overrides
from .content import RuleValue, WaffleRow
from .declarations import Flag
from .evaluation import Evaluation, Reason
from .plans import Plan
from .snapshot import Snapshot
from .subjects import FlagSubject

OFF = Evaluation(False, Reason.OFF)
OVERRIDDEN = {on: Evaluation(on, Reason.OVERRIDDEN, "override_flags") for on in (True, False)}


def evaluate(snapshot: Snapshot, flag: Flag, subject: FlagSubject) -> Evaluation:
    """Answer whether a flag is on for a subject, by one snapshot and without a query.

    Args:
        snapshot: from ``current_snapshot()``; hold on to it to answer alike for a whole request.
        flag: as declared.
        subject: who is asked about. Only what a rule needs is asked of it, once.

    """
    plan = snapshot.plan(flag)
    for step in STEPS:
        answer = step.ask(snapshot, plan, subject)
        if answer is not None:
            return answer
    return OFF


def killed(_: Snapshot, plan: Plan, __: FlagSubject) -> Evaluation | None:
    """Off for everybody: by environment, file, switch, or waffle's everyone=No."""
    return plan.killed


def overridden(_: Snapshot, plan: Plan, __: FlagSubject) -> Evaluation | None:
    """On or off because a running test says so."""
    on = overrides.in_force.get(plan.name)
    return None if on is None else OVERRIDDEN[on]


def safe(_: Snapshot, plan: Plan, __: FlagSubject) -> Evaluation | None:
    """As declared, because nothing is known of the flag."""
    return plan.safe


def prerequisite_off(snapshot: Snapshot, plan: Plan, subject: FlagSubject) -> Evaluation | None:
    """Off because another flag must be on first."""
    if plan.circle is not None:
        return plan.circle
    for flag in plan.prerequisites:
        if not evaluate(snapshot, flag, subject):
            return Evaluation(False, Reason.PREREQUISITE, f"{flag.name} is off")
    return None


def denied(_: Snapshot, plan: Plan, subject: FlagSubject) -> Evaluation | None:
    """Off because the subject, or one of the subject's units, is denied."""
    rule = _first(plan.denials, plan, subject)
    return None if rule is None else Evaluation(False, Reason.DENIED, rule.words)


def tester(_: Snapshot, plan: Plan, subject: FlagSubject) -> Evaluation | None:
    """On because a rule of ours, or waffle's row, names the subject."""
    rule = _first(plan.testers, plan, subject)
    words = rule.words if rule else _named_by_waffle(plan.waffle, subject)
    return Evaluation(True, Reason.TESTER, words) if words else None


def held(_: Snapshot, plan: Plan, subject: FlagSubject) -> Evaluation | None:
    """Off because cohort and percentage may not admit the subject for now."""
    rule = _first(plan.holds, plan, subject)
    return None if rule is None else Evaluation(False, Reason.HELD, rule.words)


def admitted(_: Snapshot, plan: Plan, subject: FlagSubject) -> Evaluation | None:
    """On by what the subject is, or because each of the subject's units is on."""
    rule = _first(plan.by_subject, plan, subject)
    if rule is not None:
        return Evaluation(True, Reason.COHORT, rule.words)
    rules = [unit_rule(plan, unit) for unit in subject.units] if plan.by_unit else []
    if not rules or None in rules:
        return None
    deciding = max(filter(None, rules), key=_ramps)
    reason = Reason.PERCENTAGE if deciding.ramps else Reason.COHORT
    return Evaluation(True, reason, deciding.words)


def unit_rule(plan: Plan, unit: str) -> RuleValue | None:
    """Return the rule by which one unit is on, if there is one."""
    for rule in plan.by_unit:
        if rule.live and rule.cohort.has_unit(unit, plan.salt):
            return rule
    return None


class Step(NamedTuple):
    """One question of the order.

    Attributes:
        name: as ``explain`` calls it.
        ask: answers, or gives None to pass on.

    """

    name: str
    ask: Callable[[Snapshot, Plan, FlagSubject], Evaluation | None]


STEPS = (
    Step("killed", killed),
    Step("overridden", overridden),
    Step("safe", safe),
    Step("prerequisite", prerequisite_off),
    Step("denied", denied),
    Step("tester", tester),
    Step("held", held),
    Step("cohort", admitted),
)


def _first(rules: tuple[RuleValue, ...], plan: Plan, subject: FlagSubject) -> RuleValue | None:
    for rule in rules:
        if rule.live and rule.cohort.has(subject, plan.salt):
            return rule
    return None


def _named_by_waffle(row: WaffleRow | None, subject: FlagSubject) -> str | None:
    if row is None:
        return None
    if row.everyone:
        return "waffle everyone=Yes"
    if subject.id in row.users:
        return "waffle users"
    return _trait_in_waffle(row, subject)


def _trait_in_waffle(row: WaffleRow, subject: FlagSubject) -> str | None:
    if row.staff and subject.traits.is_staff:
        return "waffle staff"
    if row.superusers and subject.traits.is_superuser:
        return "waffle superusers"
    if row.authenticated and subject.traits.is_authenticated:
        return "waffle authenticated"
    if row.groups and not row.groups.isdisjoint(subject.traits.groups):
        return "waffle groups"
    return None


def _ramps(rule: RuleValue) -> bool:
    return rule.ramps
