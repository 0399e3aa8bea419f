"""Time that has passed, whatever the machine's clocks do. Protocol §7."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """Counts from its making.

    It is the greater of what two clocks say: the monotonic one may stand still while the machine
    sleeps, the wall clock may be set back.
    """

    monotonic: float = field(default_factory=time.monotonic)
    wall: float = field(default_factory=time.time)

    def elapsed(self) -> float:
        """Return the seconds since then."""
        return max(time.monotonic() - self.monotonic, time.time() - self.wall)
