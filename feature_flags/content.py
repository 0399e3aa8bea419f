"""What the store holds of the flags, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from time import time

from .cohorts import CohortValue, Kind


class Effect(StrEnum):
    """What a rule does to the subjects of its cohort."""

    ADMIT = "admit"
    DENY = "deny"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class RuleValue:
    """One rule of a flag.

    Attributes:
        effect: admit, deny or hold.
        cohort: whom it is about.
        until: seconds since 1970 at which it ends; None: it stands.
        source: ``waffle`` where waffle's own row says so.

    """

    effect: Effect
    cohort: CohortValue
    until: float | None = None
    source: str = ""

    @property
    def live(self) -> bool:
        """Whether the rule has not ended."""
        return self.until is None or time() < self.until

    @property
    def ramps(self) -> bool:
        """Whether this is the percentage of the flag, of which there is one."""
        return self.effect is Effect.ADMIT and self.cohort.kind is Kind.PERCENTAGE

    @property
    def words(self) -> str:
        """The rule as people read it: ``admit unit:school:7``."""
        return f"{self.source or self.effect} {self.cohort.name}"


@dataclass(frozen=True, slots=True)
class WaffleRow:
    """What counts of a row of waffle's; testing, rollout and languages do not.

    Attributes:
        everyone: True is on for all, False is off for all, None is neither.
        basis_points: waffle's percent, read as a bucket and never as a coin.
        users: ids of the named testers, as text.
        groups: names of the groups whose members are testers.
        staff: staff are testers.
        superusers: superusers are testers.
        authenticated: whoever has logged in is one.

    """

    everyone: bool | None = None
    basis_points: int = 0
    users: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    staff: bool = False
    superusers: bool = False
    authenticated: bool = False


@dataclass(frozen=True, slots=True)
class OptionsRow:
    """What a row adds to the declaration of a flag.

    Attributes:
        prerequisite: name of a further flag that must be on; empty: none.
        salt: of the percentage, where the declaration names none; empty: the name of the flag.
        safe: in place of the declared safe value; None: as declared.

    """

    prerequisite: str = ""
    salt: str = ""
    safe: bool | None = None


@dataclass(frozen=True, slots=True)
class SwitchRow:
    """The state of a kill switch in the database.

    Attributes:
        on: whether it kills.
        reason: why it was last turned.
        actor: who turned it.
        at: when.
        changed_at: like ``at``, but it never goes back, whatever the clocks do.

    """

    on: bool
    reason: str
    actor: str
    at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Content:
    """All rows of one consistent read.

    Attributes:
        waffle: by name of the flag.
        rules: by name of the flag.
        options: by name of the flag.
        switches: by name of the kill switch.
        cohorts: by name.
        unreadable: why rows of a flag cannot be read, by name of the flag.

    """

    waffle: Mapping[str, WaffleRow] = field(default_factory=dict)
    rules: Mapping[str, tuple[RuleValue, ...]] = field(default_factory=dict)
    options: Mapping[str, OptionsRow] = field(default_factory=dict)
    switches: Mapping[str, SwitchRow] = field(default_factory=dict)
    cohorts: Mapping[str, CohortValue] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)
