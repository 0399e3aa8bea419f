"""All that one snapshot says of one flag, put together once and then asked often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .buckets import as_percent
from .cohorts import CohortValue, Kind
from .content import Content, Effect, OptionsRow, RuleValue, WaffleRow
from .declarations import Flag, find_circle, flag_named
from .evaluation import Evaluation, Reason
from .outside import KillFile, killed_by_environment

NOTHING = OptionsRow()


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules of a flag, in the order in which they are asked.

    Attributes:
        name: of the flag.
        salt: of its percentage.
        killed: the answer while it is killed.
        safe: the answer while its rows are not known.
        prerequisites: the flags that must be on.
        circle: the answer while its prerequisites wait for themselves.
        denials: rules that deny.
        waffle: waffle's row.
        testers: rules that name subjects.
        holds: rules that hold.
        by_subject: rules that admit by what a subject is.
        by_unit: rules that admit units, percentages last.

    """

    name: str
    salt: str
    killed: Evaluation | None
    safe: Evaluation | None
    prerequisites: tuple[Flag, ...]
    circle: Evaluation | None
    denials: tuple[RuleValue, ...]
    waffle: WaffleRow | None
    testers: tuple[RuleValue, ...]
    holds: tuple[RuleValue, ...]
    by_subject: tuple[RuleValue, ...]
    by_unit: tuple[RuleValue, ...]


def make_plan(flag: Flag, content: Content | None, kill_file: KillFile | None) -> Plan:
    """Put together what is known of a flag.

    Args:
        flag: as declared.
        content: the rows, or None if none were ever read.
        kill_file: the file that kills, if it exists.

    """
    rows = content or Content()
    options = rows.options.get(flag.name, NOTHING)
    waffle = rows.waffle.get(flag.name)
    rules = (*rows.rules.get(flag.name, ()), *_percentage_of(waffle))
    admitting = [rule for rule in rules if rule.effect is Effect.ADMIT]
    return Plan(
        name=flag.name,
        salt=flag.salt or options.salt or flag.name,
        killed=_killed(flag, rows, kill_file),
        safe=_safe(flag, content, options),
        prerequisites=_prerequisites(flag, rows),
        circle=_circle(flag, rows),
        denials=tuple(rule for rule in rules if rule.effect is Effect.DENY),
        waffle=waffle,
        testers=_of_kind(admitting, Kind.SUBJECTS),
        holds=tuple(rule for rule in rules if rule.effect is Effect.HOLD),
        by_subject=_of_kind(admitting, Kind.EVERYONE, Kind.GROUP, Kind.ATTRIBUTE),
        by_unit=_of_kind(admitting, Kind.UNIT) + _of_kind(admitting, Kind.PERCENTAGE),
    )


def killers(switch: str, rows: Content, kill_file: KillFile | None) -> tuple[str, ...]:
    """Name what holds a kill switch on: ``environment``, ``file``, ``row``."""
    row = rows.switches.get(switch)
    on = {
        "environment": killed_by_environment(switch),
        "file": kill_file is not None,
        "row": row is not None and row.on,
    }
    return tuple(name for name, killing in on.items() if killing)


def _killed(flag: Flag, rows: Content, kill_file: KillFile | None) -> Evaluation | None:
    if flag.kill_switch:
        by = killers(flag.kill_switch, rows, kill_file)
        if by:
            words = f"kill switch {flag.kill_switch} ({', '.join(by)})"
            return Evaluation(False, Reason.KILLED, words)
    waffle = rows.waffle.get(flag.name)
    if waffle is not None and waffle.everyone is False:
        return Evaluation(False, Reason.KILLED, "waffle everyone=No")
    return None


def _safe(flag: Flag, content: Content | None, options: OptionsRow) -> Evaluation | None:
    if content is None:
        return Evaluation(flag.safe, Reason.SAFE, "the flags were never read")
    why = content.unreadable.get(flag.name)
    if why is None:
        return None
    return Evaluation(flag.safe if options.safe is None else options.safe, Reason.SAFE, why)


def _prerequisites(flag: Flag, rows: Content) -> tuple[Flag, ...]:
    by_row = rows.options.get(flag.name, NOTHING).prerequisite
    further = flag_named(by_row) if by_row else None
    return tuple(dict.fromkeys(filter(None, (flag.prerequisite, further))))


def _circle(flag: Flag, rows: Content) -> Evaluation | None:
    def names(name: str) -> list[str]:
        asked = flag if name == flag.name else flag_named(name)
        return [each.name for each in _prerequisites(asked, rows)]

    path = find_circle(flag.name, names)
    words = f"circle {' > '.join(path)}"
    return Evaluation(False, Reason.PREREQUISITE, words) if path else None


def _percentage_of(waffle: WaffleRow | None) -> tuple[RuleValue, ...]:
    if waffle is None or not waffle.basis_points:
        return ()
    size = waffle.basis_points
    cohort = CohortValue(as_percent(size), Kind.PERCENTAGE, basis_points=size)
    return (RuleValue(Effect.ADMIT, cohort, source="waffle"),)


def _of_kind(rules: Iterable[RuleValue], *kinds: Kind) -> tuple[RuleValue, ...]:
    return tuple(rule for rule in rules if rule.cohort.kind in kinds)
