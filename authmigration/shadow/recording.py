"""Differences as rows: one for each fingerprint, with a count and one example."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections import deque
from dataclasses import dataclass

from django.db import connections, transaction
from django.db.models import F
from django.utils import timezone

from .. import conf
from ..models import Mismatch
from ..rollout import Stage, Staged
from ..stages import set_back

logger = logging.getLogger("authmigration.shadow")

MOST_WAITING = 1000

_REOPENED = (Mismatch.Kind.ESCALATION, Mismatch.Kind.LOCKOUT)
"""What comes again after it was resolved was not mended."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A confirmed difference; the subject is an id, and nothing else personal is in it."""

    kind: str
    permission: str
    context_type: str
    reason: str
    origin: str
    staged: Staged
    subject: str
    roles: tuple[str, ...]
    control: bool
    candidate: str
    because: str

    @property
    def fingerprint(self) -> str:
        """Sixteen characters, the same for every difference of one cause."""
        parts = (
            self.kind,
            self.permission,
            self.context_type,
            self.because,
            ",".join(self.roles),
            self.origin,
        )
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


class _Waiting:
    """Differences found inside a transaction of the caller, which may yet be rolled back."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.differences: deque[Difference] = deque(maxlen=MOST_WAITING)

    def take(self) -> list[Difference]:
        with self.lock:
            taken = list(self.differences)
            self.differences.clear()
        return taken

    def add(self, difference: Difference) -> None:
        with self.lock:
            self.differences.append(difference)


_waiting = _Waiting()


def record(difference: Difference) -> Mismatch | None:
    """Record a difference; inside a transaction of the caller it is kept for :func:`flush`.

    A denied request rolls its transaction back, and what was found must outlive that.
    """
    if connections[conf.get().database].in_atomic_block:
        _waiting.add(difference)
        return None
    return _write(difference)


def is_waiting() -> bool:
    """Whether something was found inside a transaction and not yet written."""
    return bool(_waiting.differences)


def flush() -> int:
    """Write what was found inside transactions that have ended; return how many it were."""
    taken = _waiting.take()
    for difference in taken:
        _write(difference)
    return len(taken)


def _write(difference: Difference) -> Mismatch:
    """Count a difference; a confirmed escalation at enforce sets its cohort back."""
    using = conf.get().database
    rows = Mismatch.objects.using(using)
    now = timezone.now()
    # One statement that inserts or leaves, and one that counts: nothing is read first, so that
    # SQLite need not upgrade a lock, and no row is held longer than for the count.
    with transaction.atomic(using):
        rows.bulk_create([_row(difference)], ignore_conflicts=True)
        rows.filter(pk=difference.fingerprint).update(count=F("count") + 1, last_seen=now)
        if difference.kind in _REOPENED:
            rows.filter(pk=difference.fingerprint).update(resolved_at=None)
    row = rows.get(pk=difference.fingerprint)
    if difference.kind == Mismatch.Kind.ESCALATION:
        _react(difference, row)
    return row


def _row(difference: Difference) -> Mismatch:
    return Mismatch(
        fingerprint=difference.fingerprint,
        kind=difference.kind,
        permission=difference.permission,
        context_type=difference.context_type,
        reason=difference.reason,
        origin=difference.origin,
        cohort=difference.staged.rule[:100],
        example=_example(difference),
    )


def _react(difference: Difference, row: Mismatch) -> None:
    logger.error(
        "Escalation confirmed: %s on %s, from %s.",
        difference.permission,
        difference.context_type,
        difference.origin,
    )
    if difference.staged.stage is Stage.ENFORCE and conf.get().set_back:
        set_back(difference.staged.rule, f"confirmed escalation {row.fingerprint}")


def _example(difference: Difference) -> dict[str, object]:
    return {
        "subject": difference.subject,
        "roles": list(difference.roles),
        "control": difference.control,
        "candidate": difference.candidate,
        "replay": f"authz_explain {difference.subject} {difference.permission} "
        f"{difference.context_type}:<id>",
    }
