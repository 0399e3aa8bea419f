"""A run worked by messages: who may send them, and the step that one message stands for.

One message is one chunk; it sends the next before it ends. Messages may be lost, sent twice, or
find no worker: then nothing moves for a lease, and whoever looks sends a new wave of them.
"""

from __future__ import annotations

import logging
from enum import Enum
from typing import Any

from django.db import connections

from .. import conf, dialects, registry
from ..models import BackfillRun
from . import runs
from .chunks import ChunkWork
from .clock import later, seconds
from .leases import LeaseLost

logger = logging.getLogger("authmigration.backfill")

_WAKE = """
    UPDATE authmigration_backfillrun SET wave = wave + 1, woken_at = {now}
    WHERE id = %s AND finished_at IS NULL AND wave > 0 AND woken_at < {ago} AND NOT EXISTS (
        SELECT 1 FROM authmigration_backfillchunk c
        WHERE c.run_id = authmigration_backfillrun.id
            AND (c.done_at > {ago} OR (c.done_at IS NULL AND c.lease_until > {now}))
    )
    RETURNING wave
"""
_START = """
    UPDATE authmigration_backfillrun SET wave = wave + 1, woken_at = {now}, workers = %s
    WHERE id = %s AND finished_at IS NULL
    RETURNING wave
"""


def start(run: BackfillRun, workers: int, *, using: str) -> int | None:
    """Begin a wave of messages for so many workers; earlier messages of the run do nothing more.

    Returns:
        The number of the wave, which the messages bear; None where the run is finished.

    """
    dialect = dialects.of(connections[using])
    return _wave(_START.format(now=dialect.now), [workers, run.pk], using)


def wake(run: BackfillRun, *, using: str) -> int | None:
    """Begin a new wave where a run that is worked by messages has not moved for a lease.

    Of several who look at the same moment one begins it.

    Returns:
        The number of the wave; None where nothing need be done.

    """
    dialect = dialects.of(connections[using])
    ago = seconds(dialect, -conf.get().lease_seconds)
    return _wave(_WAKE.format(now=dialect.now, ago=later(dialect)), [run.pk, ago, ago], using)


def _wave(sql: str, params: list[Any], using: str) -> int | None:
    with connections[using].cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    return int(rows[0][0]) if rows else None


def stalled(*, using: str) -> list[tuple[BackfillRun, int]]:
    """Wake the runs of this process's mapping that have not moved; return each with its wave."""
    open_runs = BackfillRun.objects.using(using).filter(
        mapping_hash=registry.get().mapping_hash, finished_at=None, wave__gt=0
    )
    woken = ((run, wake(run, using=using)) for run in open_runs)
    return [(run, wave) for run, wave in woken if wave is not None]


class Step(Enum):
    """What one message came to."""

    MORE = "chunks may be left"
    LAST = "it completed the run"
    NONE = "there was nothing for it to do"


def step(run_id: int, wave: int, *, using: str) -> Step:
    """Lease one chunk of a run and work it to its end.

    Args:
        run_id: the run.
        wave: which wave the message belongs to; one of an earlier wave does nothing.
        using: the alias of the database.

    """
    run = BackfillRun.objects.using(using).filter(pk=run_id, wave=wave, finished_at=None).first()
    if run is None or not _is_ours(run):
        return Step.NONE
    lease = runs.lease(run, using=using, size=conf.get().chunk_size)
    if lease is not None:
        try:
            ChunkWork(lease, using=using).finish()
        except LeaseLost:
            logger.warning("Chunk %s was given to another worker meanwhile.", lease.chunk)
    if runs.finish(run, using=using):
        return Step.LAST
    return Step.NONE if lease is None else Step.MORE


def _is_ours(run: BackfillRun) -> bool:
    mapping_hash = registry.get().mapping_hash
    if run.mapping_hash != mapping_hash:
        logger.warning(
            "This worker declares its sources as mapping %s; run %s is of mapping %s and is left "
            "to workers of that release.",
            mapping_hash,
            run.pk,
            run.mapping_hash,
        )
    return run.mapping_hash == mapping_hash
