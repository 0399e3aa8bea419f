"""One moment of all flags: what a process decides by, unchanging."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from time import monotonic

from .cohort_forms import parse_cohort, percentage
from .cohorts import CohortValue
from .content import Content, Effect, RuleValue, WaffleRow
from .declarations import Flag, name_of
from .errors import NoSuchRule, UnknownCohort
from .outside import KillFile
from .plans import Plan, killers, make_plan


class Source(StrEnum):
    """Where a snapshot comes from."""

    STORE = "store"
    LAST_KNOWN = "last_known"
    SAFE = "safe"


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """What is known of all flags at one moment.

    Attributes:
        content: the rows; None if the store could not be read since the process started.
        read_at: when the read began, by ``time.monotonic()``.
        source: ``store``; ``last_known`` if a later read failed; ``safe`` without any content.
        kill_file: the file that kills, if it existed.

    """

    content: Content | None = None
    read_at: float = -math.inf
    source: Source = Source.SAFE
    kill_file: KillFile | None = None
    plans: dict[Flag, Plan] = field(default_factory=dict, repr=False)

    @property
    def age(self) -> float:
        """Seconds since the rows were read; infinite if they never were."""
        return monotonic() - self.read_at

    def plan(self, flag: Flag) -> Plan:
        """Return what this snapshot says of a flag."""
        known = self.plans.get(flag)
        if known is None:
            known = self.plans[flag] = make_plan(flag, self.content, self.kill_file)
        return known

    def killed_by(self, switch: str) -> tuple[str, ...]:
        """Name what holds a kill switch on: ``environment``, ``file``, ``row``; empty: nothing."""
        return killers(switch, self.content or Content(), self.kill_file)

    def cohort(self, text: str) -> CohortValue:
        """Return the cohort that a text means, without writing.

        Raises:
            InvalidCohort: the text cannot be read.
            UnknownCohort: no cohort of that name in this snapshot.

        """
        found = parse_cohort(text) or self.cohorts.get(text)
        if found is None:
            raise UnknownCohort(text, self.cohorts)
        return found

    @property
    def cohorts(self) -> dict[str, CohortValue]:
        """The named cohorts."""
        return dict(self.content.cohorts) if self.content else {}

    def rules(self, flag: Flag | str) -> tuple[RuleValue, ...]:
        """Return our own rules of a flag; those of waffle's row are not among them."""
        return self.content.rules.get(name_of(flag), ()) if self.content else ()

    def with_rule(
        self,
        flag: Flag | str,
        cohort: CohortValue | str,
        effect: Effect | str = Effect.ADMIT,
        *,
        until: datetime | None = None,
    ) -> Snapshot:
        """Return a snapshot in which the flag has one more rule. Nothing is written.

        Raises:
            InvalidCohort: the cohort's text cannot be read.
            UnknownCohort: no cohort of that name in this snapshot.

        """
        rule = self._rule(cohort, effect, until)
        cleared = self._without_percentage(flag) if rule.ramps else self._without(flag, rule)
        return cleared.with_rules(flag, (*cleared.rules(flag), rule))

    def without_rule(
        self, flag: Flag | str, cohort: CohortValue | str, effect: Effect | str = Effect.ADMIT
    ) -> Snapshot:
        """Return a snapshot in which the flag lacks a rule. Nothing is written.

        Raises:
            InvalidCohort: the cohort's text cannot be read.
            UnknownCohort: no cohort of that name in this snapshot.
            NoSuchRule: the flag has no such rule.

        """
        rule, rules = self._rule(cohort, effect), self.rules(flag)
        if not any(_same(rule, other) for other in rules):
            raise NoSuchRule(name_of(flag), rule.words, [other.words for other in rules])
        return self._without(flag, rule)

    def with_percentage(self, flag: Flag | str, basis_points: int) -> Snapshot:
        """Return a snapshot in which the flag has this percentage alone. Nothing is written.

        Raises:
            InvalidCohort: not between 0 and 10_000.

        """
        cohort = percentage(basis_points)
        return self.with_rule(flag, cohort) if basis_points else self._without_percentage(flag)

    def with_everyone(self, flag: Flag | str, everyone: bool | None) -> Snapshot:  # noqa: FBT001 -- as in flag_values
        """Return a snapshot in which waffle's column ``everyone`` differs. Nothing is written."""
        return self.with_waffle(flag, lambda row: replace(row, everyone=everyone))

    def _rule(
        self, cohort: CohortValue | str, effect: Effect | str, until: datetime | None = None
    ) -> RuleValue:
        value = self.cohort(cohort) if isinstance(cohort, str) else cohort
        return RuleValue(Effect(effect), value, until.timestamp() if until else None)

    def _without(self, flag: Flag | str, rule: RuleValue) -> Snapshot:
        others = tuple(other for other in self.rules(flag) if not _same(rule, other))
        return self.with_rules(flag, others)

    def _without_percentage(self, flag: Flag | str) -> Snapshot:
        others = tuple(rule for rule in self.rules(flag) if not rule.ramps)
        cleared = self.with_rules(flag, others)
        return cleared.with_waffle(flag, lambda row: replace(row, basis_points=0))

    def with_rules(self, flag: Flag | str, rules: tuple[RuleValue, ...]) -> Snapshot:
        """Return a snapshot in which the flag has these rules of ours. Nothing is written."""
        content = self.content or Content()
        changed = replace(content, rules={**content.rules, name_of(flag): rules})
        return replace(self, content=changed, plans={})

    def with_waffle(self, flag: Flag | str, change: Callable[[WaffleRow], WaffleRow]) -> Snapshot:
        """Return a snapshot in which waffle's row is changed. Nothing is written."""
        content = self.content or Content()
        name = name_of(flag)
        row = change(content.waffle.get(name, WaffleRow()))
        changed = replace(content, waffle={**content.waffle, name: row})
        return replace(self, content=changed, plans={})


def _same(rule: RuleValue, other: RuleValue) -> bool:
    return (rule.effect, rule.cohort.name) == (other.effect, other.cohort.name)
