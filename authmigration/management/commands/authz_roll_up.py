"""``authz_roll_up``: keep the logs of counters and of changes short."""

from __future__ import annotations

from typing import Any

from ... import capture, conf, counters
from ..command import AuthzCommand


class Command(AuthzCommand):
    """Add counter deltas to their counters, and marks without a subject to the epoch."""

    help = __doc__
    requires_system_checks = []

    def handle(self, **_: Any) -> None:
        """Roll up; run it every few minutes where no worker does."""
        using = conf.get().database
        deltas = counters.roll_up(using=using)
        marks = 0
        while moved := capture.compact(using):
            marks += moved
        while capture.thin(using):
            pass
        self.say(f"{deltas:,} deltas added to their counters, {marks:,} marks to the epoch.")
