"""The rules of the three flags, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from feature_flags import CohortValue, FlagSubject, Kind, current_snapshot
from feature_flags.content import RuleValue, WaffleRow
from feature_flags.plans import Plan

from .. import conf
from .flags import FLAGS, evaluated
from .stage import Stage

_PREFIXES = {"unit:": "", "subject:": "user:"}


@dataclass(frozen=True, slots=True)
class StageRules:
    """Whom one flag admits.

    Attributes:
        stage: the stage that the flag stands for.
        flag: its name.
        admits: cohorts as an administrator writes them: ``everyone``, ``school:7``, ``25%``.
        bars: cohorts that are kept below the stage.
        off: why the flag is off for everybody, the kill switch aside; empty where it is not.

    """

    stage: Stage
    flag: str
    admits: tuple[str, ...]
    bars: tuple[str, ...]
    off: str = ""


@dataclass(frozen=True, slots=True)
class CohortAt:
    """A rollout cohort, and the highest stage that a rule gives it.

    Attributes:
        cohort: as an administrator writes it.
        stage: the stage.
        value: who is in it.
        salt: of the percentage that the stage's flag draws by.

    """

    cohort: str
    stage: Stage
    value: CohortValue
    salt: str

    @property
    def is_everyone(self) -> bool:
        """Whether the cohort is everybody."""
        return self.value.kind is Kind.EVERYONE

    @property
    def subjects(self) -> frozenset[str]:
        """The subjects that it names."""
        return self._named(Kind.SUBJECTS)

    @property
    def units(self) -> frozenset[str]:
        """The units that it names."""
        return self._named(Kind.UNIT)

    @property
    def groups(self) -> frozenset[str]:
        """The groups that it names."""
        return self._named(Kind.GROUP)

    @property
    def is_share(self) -> bool:
        """Whether it is a percentage of all units."""
        return self.value.kind is Kind.PERCENTAGE

    def has_unit(self, unit: str) -> bool:
        """Whether a unit is in it."""
        return self.value.has_unit(unit, self.salt)

    def _named(self, kind: Kind) -> frozenset[str]:
        return self.value.members if self.value.kind is kind else frozenset()


def stage_rules() -> tuple[StageRules, ...]:
    """Return the rules of the three flags, as this process sees them now."""
    snapshot = current_snapshot()
    found = []
    for stage, flag in FLAGS.items():
        plan = snapshot.plan(flag)
        admits = (*_named(plan.testers), *_waffle(plan.waffle), *_admitted(plan))
        bars = tuple(_named((*plan.denials, *plan.holds)))
        found.append(StageRules(stage, flag.name, admits, bars, _off(plan)))
    return tuple(found)


def cohorts_at_stages() -> tuple[CohortAt, ...]:
    """Return every cohort that a rule admits, each once, with the highest of its stages."""
    snapshot = current_snapshot()
    found: dict[str, CohortAt] = {}
    for stage, flag in FLAGS.items():
        plan = snapshot.plan(flag)
        for rule in (*plan.testers, *plan.by_subject, *plan.by_unit):
            if rule.live:
                name = written(rule.cohort.name)
                found[name] = CohortAt(name, stage, rule.cohort, plan.salt)
    return tuple(found.values())


def admits_anybody(stage: Stage) -> bool:
    """Whether any rule lets anybody to a stage, a kill left out of account."""
    return any(rules.admits for rules in stage_rules() if rules.stage.rank >= stage.rank)


def stage_of_unit(unit: str) -> Stage:
    """Return the stage of a unit as a whole: of a member whom no rule names."""
    found = evaluated(current_snapshot(), FlagSubject("", lambda: (unit,))).stage
    return found if found is Stage.RETIRED else found.at_most(Stage.named(conf.get().ceiling))


def written(cohort: str) -> str:
    """Return a cohort of the flags as an administrator writes it."""
    for prefix, ours in _PREFIXES.items():
        if cohort.startswith(prefix):
            return ours + cohort.removeprefix(prefix)
    return cohort


def _admitted(plan: Plan) -> tuple[str, ...]:
    return tuple(_named((*plan.by_subject, *plan.by_unit)))


def _named(rules: Iterable[RuleValue]) -> Iterator[str]:
    for rule in rules:
        if rule.live:
            ends = "" if rule.until is None else f" until {_moment(rule.until)}"
            yield written(rule.cohort.name) + ends


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"


def _waffle(row: WaffleRow | None) -> Iterator[str]:
    if row is None:
        return
    if row.everyone:
        yield "everyone"
    yield from (f"user:{each}" for each in sorted(row.users))
    yield from (f"group:{each}" for each in sorted(row.groups))
    named = {"staff": row.staff, "superusers": row.superusers, "logged in": row.authenticated}
    yield from (each for each, on in named.items() if on)


def _off(plan: Plan) -> str:
    if plan.waffle is not None and plan.waffle.everyone is False:
        return "waffle everyone=No"
    return plan.safe.rule or "" if plan.safe is not None and not plan.safe.on else ""
