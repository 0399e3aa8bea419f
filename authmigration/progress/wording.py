"""The state of the migration in one sentence."""

from __future__ import annotations

from collections.abc import Iterable

from ..rollout.telling import StageRules
from .status import Status

KILLERS = {"row": "the switch", "file": "the kill file", "environment": "the environment"}
"""What holds a kill on, as people say it."""


def sentence(status: Status) -> str:
    """Say where the rollout stands, how many have moved, and whether it is killed.

    For example: ``Shadow for everyone, enforce for school:7 and 25 %; 12,345 of 28,785 migrated;
    not killed.``
    """
    counts = status.counts
    parts = [
        _stages(status),
        f"{counts.moved:,} of {counts.total:,} migrated{_retired(counts.retired)}",
        _killed(status),
    ]
    text = "; ".join(filter(None, parts))
    return f"{text[0].upper()}{text[1:]}."


def listed(words: Iterable[str]) -> str:
    """Return words as a list that is read aloud: ``a, b and c``."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def killers(by: Iterable[str]) -> str:
    """Return what holds a kill on, as words: ``the switch and the kill file``."""
    return listed(KILLERS.get(each, each) for each in by)


def cohort_words(cohort: str) -> str:
    """Return a cohort as it stands in a sentence: ``25 %`` for ``25%``."""
    return f"{cohort.removesuffix('%')} %" if cohort.endswith("%") else cohort


def _stages(status: Status) -> str:
    if status.ceiling == "off":
        return "nothing is read, since the ceiling is off"
    highest = _highest(status.stages)
    parts = [
        f"{rules.stage} for {listed(map(cohort_words, names))}"
        for rules in status.stages
        if (names := [c for c in rules.admits if highest[c] == rules.stage])
    ]
    parts += [
        f"{listed(map(cohort_words, rules.bars))} kept below {rules.stage}"
        for rules in status.stages
        if rules.bars
    ]
    if status.ceiling != "retired":
        parts.append(f"nobody above {status.ceiling}")
    return ", ".join(parts) or "off for everyone"


def _highest(stages: Iterable[StageRules]) -> dict[str, str]:
    """Return the last stage that names each cohort: who is enforced is compared as well."""
    return {cohort: rules.stage for rules in stages for cohort in rules.admits}


def _retired(count: int) -> str:
    return f" ({count:,} retired)" if count else ""


def _killed(status: Status) -> str:
    kill = status.kill
    if not kill:
        return "not killed"
    since = f" since {kill.since:%Y-%m-%d %H:%M} UTC" if kill.since else ""
    return f"KILLED by {killers(kill.by)}{since}: {kill.reason}".rstrip(".")
