"""Migrating a subject when it is seen, without making anybody wait.

The legacy answer is always there. So whatever goes wrong here, or takes too long, or is already
being done by somebody else, ends in "not now", and never in an error for the person who asked.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
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

logger = logging.getLogger("authmigration.lazy_migration")

_USABLE = (Outcome.MIGRATED, Outcome.CHANGED, Outcome.UNCHANGED)
FIRST_ACCESS = "first access"
STALE = "the subject was stale"

REST_SECONDS = 10.0
"""For how long nobody pays again for an attempt that took too long."""

MOST_RESTING = 10_000


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
    declared = registry.get()
    if loaded.is_fresh(declared.mapping_hash):
        return loaded
    if _is_quarantined(loaded, declared.mapping_hash):
        return None
    using = conf.get().database
    if connections[using].in_atomic_block:
        _after_commit(loaded.subject, using)
        return None
    if not connections[using].get_autocommit():
        return None  # a transaction of the caller's own making, whose end nobody tells us of
    return _bounded(loaded.subject, using, loaded)


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
    return _bounded(subject, using, None)


def _bounded(subject: str, using: str, known: Loaded | None) -> Loaded | None:
    if _resting.holds(subject):
        counters.tally("lazy", "resting")
        return None
    with _ceiling.place(conf.get().lazy_concurrency) as free:
        if not free:
            counters.tally("lazy", "ceiling")
            return None
        return _attempt(subject, using, known)


def _attempt(subject: str, using: str, known: Loaded | None) -> Loaded | None:
    reason = FIRST_ACCESS if known is None or known.state is None else STALE
    try:
        with never_waiting(using):
            done = synchronise(
                [subject],
                using=using,
                reason=reason,
                known={subject: known} if known is not None else None,
                budget=conf.get().lazy_budget,
            )
    except Busy:
        counters.tally("lazy", Outcome.BUSY.value)
        return None
    except Exception as error:  # noqa: BLE001 -- the legacy answer stands, whatever failed here
        _failed(subject, using, error)
        return None
    outcome = done.outcomes[subject]
    counters.tally("lazy", outcome.value)
    return done.loaded[subject] if outcome in _USABLE else None


def _failed(subject: str, using: str, error: Exception) -> None:
    logger.warning("Subject %s was not migrated: %s", subject, error, exc_info=error)
    if is_passing(error):
        # Not charged: at a rush hour everybody would end in quarantine.
        counters.tally("lazy", "timeout")
        _resting.add(subject)
        return
    counters.tally("lazy", "error")
    try:
        record_failure(subject, error, using=using)
    except Exception as second:  # noqa: BLE001 -- as above
        logger.warning("The failure of subject %s could not be recorded: %s", subject, second)
