"""Leases on chunks: taken, kept, given back and completed, each by one conditional statement.

The rows are the queue of record. A broker only wakes workers, so that one that loses messages
loses nobody.
"""

from __future__ import annotations

import os
import socket
import threading
from dataclasses import dataclass, replace
from typing import Any

from django.db import connections

from .. import conf, dialects
from .clock import later, seconds
from .counts import NAMES, Counts


class LeaseLost(Exception):
    """Somebody else holds the chunk now; whoever gets this writes nothing more to it."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A chunk, leased.

    Attributes:
        chunk: the id of the chunk.
        run: the id of its run.
        first, last: its first and last subject.
        reached: the last subject that is accounted for; empty at the beginning.
        fence: the number of this lease; every write is conditional on it.
        attempts: how often the chunk was leased since ``reached`` last moved.

    """

    chunk: int
    run: int
    first: str
    last: str
    reached: str
    fence: int
    attempts: int


_CLAIM = """
    UPDATE authmigration_backfillchunk
    SET owner = %s, fence = fence + 1, attempts = attempts + 1, lease_until = {later}
    WHERE id = (
        SELECT c.id FROM authmigration_backfillchunk c
        JOIN authmigration_backfillrun r ON r.id = c.run_id AND r.finished_at IS NULL
        WHERE c.run_id = %s AND c.done_at IS NULL
            AND (c.lease_until IS NULL OR c.lease_until < {now})
        ORDER BY c.id LIMIT 1 {skipping}
    )
    RETURNING id, run_id, first, last, reached, fence, attempts
"""
_MOVE = """
    UPDATE authmigration_backfillchunk
    SET reached = %s, attempts = 1, lease_until = {later}, {counts}
    WHERE id = %s AND fence = %s AND done_at IS NULL
"""
_COMPLETE = """
    UPDATE authmigration_backfillchunk
    SET done_at = {now}, owner = '', lease_until = NULL
    WHERE id = %s AND fence = %s AND done_at IS NULL
"""
_RELEASE = """
    UPDATE authmigration_backfillchunk
    SET owner = '', lease_until = NULL, attempts = attempts - 1
    WHERE id = %s AND fence = %s AND done_at IS NULL AND attempts > 0
"""


def claim(run: int, *, using: str) -> Lease | None:
    """Lease the first chunk that nobody holds, or whose holder was silent too long."""
    dialect = dialects.of(connections[using])
    skipping = "FOR UPDATE OF c SKIP LOCKED" if dialect is dialects.POSTGRESQL else ""
    sql = _CLAIM.format(later=later(dialect), now=dialect.now, skipping=skipping)
    with connections[using].cursor() as cursor:
        cursor.execute(sql, [owner(), seconds(dialect, conf.get().lease_seconds), run])
        rows = cursor.fetchall()
    return Lease(*rows[0]) if rows else None


def move(lease: Lease, reached: str, counts: Counts, *, using: str) -> Lease:
    """Note that the subjects up to one are accounted for, and keep the lease.

    Raises:
        LeaseLost: the chunk has another holder by now; nothing is written.

    """
    dialect = dialects.of(connections[using])
    added = ", ".join(f"{name} = {name} + %s" for name in NAMES)
    sql = _MOVE.format(later=later(dialect), counts=added)
    until = seconds(dialect, conf.get().lease_seconds)
    _write(lease, sql, [reached, until, *counts.values()], using)
    return replace(lease, reached=reached, attempts=1)


def complete(lease: Lease, *, using: str) -> None:
    """Note that a chunk is done.

    Raises:
        LeaseLost: the chunk has another holder by now; nothing is written.

    """
    _write(lease, _COMPLETE.format(now=dialects.of(connections[using]).now), [], using)


def release(lease: Lease, *, using: str) -> None:
    """Give a chunk back at once, as if it had not been taken.

    Raises:
        LeaseLost: the chunk has another holder by now; nothing is written.

    """
    _write(lease, _RELEASE, [], using)


def owner() -> str:
    """Return a name for this worker, for people who look at the table."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{threading.get_ident() % 100_000}"


def _write(lease: Lease, sql: str, params: list[Any], using: str) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(sql, [*params, lease.chunk, lease.fence])
        if cursor.rowcount != 1:
            raise LeaseLost(f"Chunk {lease.chunk} is leased to somebody else.")
