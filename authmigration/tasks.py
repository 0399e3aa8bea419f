"""The Celery tasks; imported only where Celery is used.

Messages carry no users and no state: the database knows what is to be done, and any message may
be lost, late or doubled. Route the tasks to a queue of low priority with a prefetch of one
(``worker_prefetch_multiplier = 1``), and let beat send ``authmigration.backfill_tick`` and
``authmigration.resync_stale`` every minute, ``authmigration.roll_up_counters`` every few minutes
and, where services verify tokens, ``authmigration.publish_generations`` every five; where tokens
are issued ``authmigration.clear_tokens`` every night. Two beats do no harm.
"""

from __future__ import annotations

from typing import Any

from celery import shared_task

from . import backfill, capture, conf, counters
from .backfill import Run, Step
from .tokens import families, publishing

# A worker that dies hands its message back; the chunk comes back by its lease in any case.
_SAFE: dict[str, Any] = {"acks_late": True, "reject_on_worker_lost": True, "ignore_result": True}

RESYNC_AT_ONCE = 1_000
"""How many stale users one message brings up to date before it sends the next."""


@shared_task(bind=True, name="authmigration.backfill_chunk", **_SAFE)  # type: ignore[untyped-decorator]
def backfill_chunk(self: Any, run_id: int, wave: int) -> None:
    """Work one chunk of a run, and send the message for the next.

    Args:
        self: the task as Celery runs it.
        run_id: the run.
        wave: which wave the message belongs to; one of an earlier wave does nothing.

    """
    using = conf.get().database
    done = backfill.step(run_id, wave, using=using)
    while done is Step.MORE and self.request.is_eager:
        done = backfill.step(run_id, wave, using=using)
    if done is Step.MORE:
        backfill_chunk.delay(run_id, wave)
    elif done is Step.LAST:
        resync_stale.delay()


@shared_task(name="authmigration.backfill_tick", **_SAFE)  # type: ignore[untyped-decorator]
def backfill_tick() -> None:
    """Send the messages of runs anew that have not moved for a lease: their messages are lost."""
    for run, wave in backfill.stalled(using=conf.get().database):
        dispatch(run, wave)


@shared_task(name="authmigration.resync_stale", **_SAFE)  # type: ignore[untyped-decorator]
def resync_stale() -> None:
    """Bring users up to date that are behind; go on in another message while there are more."""
    counts = backfill.resync_stale(RESYNC_AT_ONCE)
    if counts.total == RESYNC_AT_ONCE and counts.migrated + counts.unchanged:
        resync_stale.delay()


@shared_task(name="authmigration.roll_up_counters", **_SAFE)  # type: ignore[untyped-decorator]
def roll_up_counters() -> None:
    """Add up the counters, and the marks of changes that no single user could be named for."""
    using = conf.get().database
    counters.roll_up(using=using)
    capture.compact(using)
    capture.thin(using)


@shared_task(name="authmigration.publish_generations", **_SAFE)  # type: ignore[untyped-decorator]
def publish_generations() -> None:
    """Tell services once more who was synchronised lately, for processes that died before."""
    publishing.publish_again()


@shared_task(name="authmigration.clear_tokens", **_SAFE)  # type: ignore[untyped-decorator]
def clear_tokens() -> None:
    """Delete refresh tokens that ended long ago, some at a time."""
    while families.clear_ended() == families.MOST_CLEARED:
        pass


def dispatch(run: Run, wave: int) -> None:
    """Send one message for each worker of a run."""
    run.refresh_from_db(fields=["workers"])
    for _ in range(max(1, run.workers)):
        backfill_chunk.delay(run.pk, wave)
