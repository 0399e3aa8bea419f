"""An access token and how long it is good for. Protocol §6, rules 6 and 7."""

from __future__ import annotations

from dataclasses import dataclass, field

from .clock import Stopwatch

LONGEST_MARGIN = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """One access token; two are the same only if they are the same object.

    Attributes:
        value: what stands behind ``Bearer``.
        life: seconds from the moment at which the request for it was sent.
        since: counts from that moment.
        asked: the contexts that were asked for with it.
        due: the age in seconds at which a used token is refreshed ahead of time.

    """

    value: str = field(repr=False)
    life: float
    since: Stopwatch
    asked: tuple[str, ...]
    due: float

    def usable(self) -> bool:
        """Tell whether a request may still be sent with it."""
        return lasts(self.life, self.since.elapsed())

    def is_due(self) -> bool:
        """Tell whether it is time to refresh it ahead of its end."""
        return self.since.elapsed() >= self.due


def lasts(life: float, age: float) -> bool:
    """Tell whether a request may be sent with a token of this life and age, in seconds."""
    return age < life - min(LONGEST_MARGIN, life / 10)


def refresh_time(life: float, random: float) -> float:
    """Return the age at which a token of this life is refreshed; ``random`` is from 0 to 1."""
    return life * (0.7 + 0.2 * random)
