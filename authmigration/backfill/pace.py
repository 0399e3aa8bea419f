"""How far a run has come, as the database knows it: no worker and no broker is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from .. import conf
from ..models import BackfillChunk, BackfillRun
from .counts import NAMES, Counts

RATE_SECONDS = 60.0
"""The stretch of time up to now over which the rate is taken."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come.

    Attributes:
        total: how many users there are to go through.
        done: how many of them are accounted for, in whichever way.
        failed: how many of those were not migrated: failed, or in quarantine.
        rate: users per second over the last minute; 0.0 where nothing moved.
        eta_seconds: how long the rest takes at that rate; None where nothing moved.
        finished: whether the run has ended.
        counts: what became of those that are done.

    """

    total: int
    done: int
    failed: int
    rate: float
    eta_seconds: float | None
    finished: bool = False
    counts: Counts = field(default_factory=Counts)


def progress(run: BackfillRun) -> Progress:
    """Return how far a run has come."""
    using = conf.get().database
    seen = BackfillRun.objects.using(using).get(pk=run.pk)
    counts, recent = _sums(seen, using)
    if _age(seen) < RATE_SECONDS:
        recent = counts.total
    # Users come and go while a run lasts; nobody is shown more than all.
    total = counts.total if seen.finished_at is not None else max(seen.total, counts.total)
    rate = recent / min(RATE_SECONDS, _age(seen))
    left = (total - counts.total) / rate if rate else None
    failed = counts.failed + counts.quarantined
    return Progress(total, counts.total, failed, rate, left, seen.finished_at is not None, counts)


def chunks_done(run: BackfillRun, *, using: str) -> int:
    """Return how many chunks of a run are done."""
    return _chunks(run, using).exclude(done_at=None).count()


def _chunks(run: BackfillRun, using: str) -> QuerySet[BackfillChunk]:
    return BackfillChunk.objects.using(using).filter(run=run)


def _sums(run: BackfillRun, using: str) -> tuple[Counts, int]:
    recently = Q(done_at__gte=_end(run) - timedelta(seconds=RATE_SECONDS))
    asked: dict[str, Any] = {f"sum_{name}": Sum(name) for name in NAMES}
    found = _chunks(run, using).aggregate(recent=Sum("size", filter=recently), **asked)
    counts = Counts(**{name: found[f"sum_{name}"] or 0 for name in NAMES})
    return counts, found["recent"] or 0


def _end(run: BackfillRun) -> datetime:
    return run.finished_at or timezone.now()


def _age(run: BackfillRun) -> float:
    return max((_end(run) - run.started_at).total_seconds(), 0.001)
