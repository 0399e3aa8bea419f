"""The answer to "is this flag on for this subject", and why."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Reason(StrEnum):
    """Why an evaluation is what it is; stable, for programs."""

    KILLED = "killed"
    OVERRIDDEN = "overridden"
    SAFE = "safe"
    PREREQUISITE = "prerequisite"
    DENIED = "denied"
    TESTER = "tester"
    HELD = "held"
    COHORT = "cohort"
    PERCENTAGE = "percentage"
    OFF = "off"


class Evaluation(NamedTuple):
    """The state of a flag for one subject; true only when on.

    Attributes:
        on: the answer.
        reason: why, from a fixed list.
        rule: what decided, in words: ``admit unit:school:7``; None where nothing admits.

    """

    on: bool
    reason: Reason
    rule: str | None = None

    def __bool__(self) -> bool:
        return self.on

    def __str__(self) -> str:
        because = f": {self.rule}" if self.rule else ""
        return f"{'on' if self.on else 'off'} ({self.reason}{because})"
