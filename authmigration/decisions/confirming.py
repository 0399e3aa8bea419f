"""Both answers once more: a difference counts only where nothing was changed meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from .. import pins, shadow, subjects
from ..snapshots import Snapshot, fresh_snapshot
from ..subjects import Subject


def settled(subject: Subject, answers: Callable[[Snapshot], shadow.Pair]) -> shadow.Pair | None:
    """Return both answers of one moment; None where no moment could be had.

    The control reads live rows and the candidate a snapshot: a role that is taken away between
    the two looks like an escalation, and would set a cohort back for nothing. So the facts must
    be the same before and after. Likewise the old code must not be asked with a user row, or with
    parents, that were read when the request began.

    Args:
        subject: whose answers differ.
        answers: gives both, from a snapshot.

    """
    pin = pins.current()
    ceilings = pin.ceilings if pin is not None else {}
    with pins.resumed(pins.Pin(ceilings=ceilings)):
        again = subjects.reread(subject)
        if again is None:
            return None
        before = fresh_snapshot(again)
        if not before.fresh:
            return None
        found = answers(before)
        after = fresh_snapshot(again)
        return found if after.fresh and after.generation == before.generation else None
