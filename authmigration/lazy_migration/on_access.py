"""Migrating a subject when it is seen, without making anybody wait.

The legacy answer is always there. So whatever goes wrong here, or takes too long, or is already
being done by somebody else, ends in "not now", and never in an error for the person who asked.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connections, transaction

from .. import conf, counters, registry
from ..assignments import Outcome, synchronise
from ..assignments.claims import never_waiting
from ..assignments.failing import record_failure
from ..dialects import is_passing
from ..errors import Busy
from ..selectors import Loaded
from .budget import within

logger = logging.getLogger("authmigration.lazy_migration")

_USABLE = (Outcome.MIGRATED, Outcome.CHANGED, Outcome.UNCHANGED)
FIRST_ACCESS = "first access"
STALE = "the subject was stale"

REST_SECONDS = 10.0
"""For how long nobody pays again for an attempt that took too long."""

MOST_RESTING = 10_000

MOST_TOGETHER = 100
"""How many subjects of one prefetch are migrated in one transaction."""


class _Ceiling:
    """How many lazy migrations this process runs at the same time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running = 0

    @contextmanager
    def place(self, most: int) -> Iterator[bool]:
        with self._lock:
            free = self._running < most
            self._running += free
        try:
            yield free
        finally:
            if free:
                with self._lock:
                    self._running -= 1


class _Resting:
    """Whom this process leaves to legacy for a while, since the database had no time for them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: OrderedDict[str, float] = OrderedDict()

    def add(self, subject: str) -> None:
        with self._lock:
            self._until[subject] = time.monotonic() + REST_SECONDS
            self._until.move_to_end(subject)
            if len(self._until) > MOST_RESTING:
                self._until.popitem(last=False)

    def holds(self, subject: str) -> bool:
        return bool(self._until) and time.monotonic() < self._until.get(subject, 0.0)

    def clear(self) -> None:
        self._until.clear()


_ceiling = _Ceiling()
_resting = _Resting()


def forget() -> None:
    """Forget who was left to rest; tests start anew."""
    _resting.clear()


def bring_up_to_date(loaded: Loaded) -> Loaded | None:
    """Return what a subject holds once its facts may be used; None where legacy must answer.

    Inside a transaction of the caller the work is left until that has committed.
    """
    return bring_all_up_to_date([loaded])[loaded.subject]


def bring_all_up_to_date(found: Iterable[Loaded]) -> dict[str, Loaded | None]:
    """Do for several subjects what :func:`bring_up_to_date` does for one, in one transaction."""
    mapping_hash = registry.get().mapping_hash
    everybody = {loaded.subject: loaded for loaded in found}
    ready: dict[str, Loaded | None] = {
        s: loaded if loaded.is_fresh(mapping_hash) else None for s, loaded in everybody.items()
    }
    due = {
        s: everybody[s]
        for s, loaded in ready.items()
        if loaded is None and not _is_quarantined(everybody[s], mapping_hash)
    }
    if due:
        ready.update(_brought(due, conf.get().database))
    return ready


def _brought(due: dict[str, Loaded], using: str) -> dict[str, Loaded]:
    if connections[using].in_atomic_block:
        for subject in due:
            _after_commit(subject, using)
        return {}
    if not connections[using].get_autocommit():
        return {}  # a transaction of the caller's own making, whose end nobody tells us of
    return _bounded(list(due), using, due)


def _is_quarantined(loaded: Loaded, mapping_hash: str) -> bool:
    state = loaded.state
    return (
        state is not None and state.status == "quarantined" and state.mapping_hash == mapping_hash
    )


@dataclass(frozen=True, slots=True)
class _Migration:
    """What is left until the caller's transaction has committed; forgotten if it is rolled back."""

    subject: str
    using: str

    def __call__(self) -> None:
        migrate_quietly(self.subject, using=self.using)


def _after_commit(subject: str, using: str) -> None:
    left = _Migration(subject, using)
    if not any(left in entry for entry in connections[using].run_on_commit):
        transaction.on_commit(left, using=using)


def migrate_quietly(subject: str, *, using: str) -> Loaded | None:
    """Bring a subject up to date, and return None instead of raising anything."""
    return _bounded([subject], using, {}).get(subject)


def _bounded(subjects: list[str], using: str, known: dict[str, Loaded]) -> dict[str, Loaded]:
    awake = [s for s in subjects if not _resting.holds(s)]
    if len(awake) < len(subjects):
        counters.tally("lazy", "resting", len(subjects) - len(awake))
    found: dict[str, Loaded] = {}
    for some in _batches(awake):
        with _ceiling.place(conf.get().lazy_concurrency) as free:
            if not free:
                counters.tally("lazy", "ceiling", len(awake) - len(found))
                break
            found |= _attempt(some, using, known)
    return found


def _batches(subjects: list[str]) -> Iterator[list[str]]:
    for begin in range(0, len(subjects), MOST_TOGETHER):
        yield subjects[begin : begin + MOST_TOGETHER]


def _attempt(subjects: list[str], using: str, known: dict[str, Loaded]) -> dict[str, Loaded]:
    budget = conf.get().lazy_budget
    try:
        with never_waiting(using), within(budget, using=using):
            done = synchronise(
                subjects,
                using=using,
                reason=_reason(subjects, known),
                known=known,
                budget=budget,
            )
    except Busy:
        counters.tally("lazy", Outcome.BUSY.value, len(subjects))
        return {}
    except Exception as error:  # noqa: BLE001 -- the legacy answer stands, whatever failed here
        _failed(subjects, using, error)
        return {}
    for outcome in done.outcomes.values():
        counters.tally("lazy", outcome.value)
    return {s: done.loaded[s] for s, outcome in done.outcomes.items() if outcome in _USABLE}


def _reason(subjects: list[str], known: dict[str, Loaded]) -> str:
    is_new = any(s not in known or known[s].state is None for s in subjects)
    return FIRST_ACCESS if is_new else STALE


def _failed(subjects: list[str], using: str, error: Exception) -> None:
    shown = ", ".join(subjects[:5])
    logger.warning("Subject %s was not migrated: %s", shown, error, exc_info=error)
    if is_passing(error):
        # Not charged: at a rush hour everybody would end in quarantine.
        counters.tally("lazy", "timeout", len(subjects))
        for subject in subjects:
            _resting.add(subject)
        return
    counters.tally("lazy", "error", len(subjects))
    if len(subjects) > 1:
        return  # whose fault it is shows when each is seen alone
    try:
        record_failure(subjects[0], error, using=using)
    except Exception as second:  # noqa: BLE001 -- as above
        logger.warning("The failure of subject %s could not be recorded: %s", shown, second)
