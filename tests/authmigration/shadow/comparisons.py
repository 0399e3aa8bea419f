"""Comparisons made by hand."""

from typing import Any

from auth_lib import Context, Decision, Reason
from authmigration import counters
from authmigration.rollout import Stage, Staged
from authmigration.shadow import Comparison, Pair

ALLOWED = Decision(True, Reason.ROLE, ("teacher", Context("course", "1")))
DENIED = Decision(False, Reason.NO_ROLE)
EQUAL = Pair(True, ALLOWED)
ESCALATION = Pair(False, ALLOWED)
LOCKOUT = Pair(True, DENIED)


def comparison(now: Any = EQUAL, again: Any = None, **given: Any) -> Comparison:
    """Return a comparison whose answers are values, or functions that give them."""
    again = now if again is None else again
    basis = {
        "subject": "7",
        "staged": Staged(Stage.SHADOW, "admit everyone"),
        "permission": "course.edit",
        "context_type": "course",
        "stricter": None,
        "roles": lambda: ("teacher",),
        "control_origin": "monolith/courses/authz.py:1",
        "now": now if callable(now) else lambda: now,
        "again": again if callable(again) else lambda: again,
    }
    return Comparison(**{**basis, **given})


def tallied() -> dict[str, int]:
    """Return what was counted of comparisons, by outcome."""
    counts = counters._tallies.counts
    return {label: count for (name, label), count in counts.items() if name == "checks"}
