"""Counters: tallied in the process, appended to a log of deltas, rolled up by a task."""

from __future__ import annotations

import threading
import time
from collections import Counter as Tally

from django.db import connections, transaction
from django.db.models import F, Sum

from .models import Counter, CounterDelta

FLUSH_SECONDS = 2.0
AT_ONCE = 5_000
"""How many deltas one transaction rolls up."""


class _Tallies:
    """What this process has counted and not yet appended."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.counts: Tally[tuple[str, str]] = Tally()
        self.flushed = time.monotonic()

    def take(self) -> dict[tuple[str, str], int]:
        with self.lock:
            taken = {key: count for key, count in self.counts.items() if count}
            self.counts.clear()
            self.flushed = time.monotonic()
        return taken

    def give_back(self, taken: dict[tuple[str, str], int]) -> None:
        with self.lock:
            self.counts.update(taken)


_tallies = _Tallies()


def tally(name: str, label: str = "", count: int = 1) -> None:
    """Count something in memory; it reaches the database with the next :func:`flush`."""
    with _tallies.lock:
        _tallies.counts[name, label] += count


def is_due() -> bool:
    """Whether something is tallied and the last flush is some seconds old."""
    return bool(_tallies.counts) and time.monotonic() - _tallies.flushed >= FLUSH_SECONDS


def flush(*, using: str, at_once: bool = True) -> int:
    """Append what was tallied as deltas, in one statement; return how many there were.

    Args:
        using: the alias of the database.
        at_once: False to wait until the last flush is some seconds old, as after a request.

    """
    if not at_once and not is_due():
        return 0
    taken = _tallies.take()
    if not taken:
        return 0
    rows = [CounterDelta(name=n, label=label, delta=c) for (n, label), c in taken.items()]
    try:
        with transaction.atomic(using):
            CounterDelta.objects.using(using).bulk_create(rows)
    except Exception:
        _tallies.give_back(taken)
        raise
    return len(rows)


def roll_up(*, using: str) -> int:
    """Add the deltas to the counters and delete them; return how many there were."""
    total = 0
    while (done := _roll_up_some(using)) > 0:
        total += done
    return total


def _roll_up_some(using: str) -> int:
    # Some at a time: a statement has room for so many ids, and a lock should be short.
    with transaction.atomic(using):
        deltas = CounterDelta.objects.using(using).order_by("id")
        if connections[using].features.has_select_for_update_skip_locked:
            deltas = deltas.select_for_update(skip_locked=True)
        ids: list[int] = []
        sums: Tally[tuple[str, str]] = Tally()
        rows = deltas.values_list("id", "name", "label", "delta")[:AT_ONCE]
        for key, name, label, delta in rows:
            ids.append(key)
            sums[name, label] += delta
        for (name, label), delta in sorted(sums.items()):
            _add(name, label, delta, using)
        CounterDelta.objects.using(using).filter(id__in=ids).delete()
    return len(ids)


def _add(name: str, label: str, delta: int, using: str) -> None:
    counters = Counter.objects.using(using)
    counters.get_or_create(name=name, label=label)
    counters.filter(name=name, label=label).update(value=F("value") + delta)


def values(name: str, *, using: str) -> dict[str, int]:
    """Return the value of each label of a counter now, deltas included."""
    found: Tally[str] = Tally()
    rolled = Counter.objects.using(using).filter(name=name).values_list("label", "value")
    fresh = (
        CounterDelta.objects.using(using)
        .filter(name=name)
        .values_list("label")
        .annotate(total=Sum("delta"))
    )
    for label, value in [*rolled, *fresh]:
        found[label] += value
    return dict(found)
