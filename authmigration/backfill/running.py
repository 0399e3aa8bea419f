"""A backfill inside this process: workers that lease chunks until the run is finished."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import asdict, dataclass, field

from django.db import InterfaceError, OperationalError, connections

from .. import conf
from ..models import BackfillRun
from . import pace, runs
from .chunks import ChunkWork, Stopped
from .counts import NAMES, Counts
from .leases import LeaseLost
from .pace import Progress
from .stale import resync_stale

TELL_SECONDS = 0.2
"""How often progress is looked up for whoever wants it."""

WAIT_SECONDS = 0.2
"""How often to look for a chunk while all are leased to others."""

RETRIES = 5
"""How often in a row the database may be out of reach, each time for longer."""

ROUNDS = 5
"""How often to look for stale users after the pass: the host goes on writing meanwhile."""

Told = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class BackfillReport:
    """What a backfill did, over the whole run with all who took part in it.

    Attributes:
        total: the users that the run went through; each is in one of the next five numbers.
        migrated: moved, or brought up to date.
        unchanged: nothing was to be written.
        failed: not moved; tried again by the next pass.
        quarantined: not moved, and not tried again until somebody looks.
        busy: held by somebody else at every try; left to their first access or the next pass.
        chunks: how many chunks that were.
        seconds: how long this call worked on the run.
        users_per_second: how many users this call saw accounted for in a second.
        resynced: users that became stale meanwhile, and were brought up to date after the pass.

    """

    total: int
    migrated: int
    unchanged: int
    failed: int
    quarantined: int
    busy: int
    chunks: int
    seconds: float
    users_per_second: float
    resynced: int = 0

    @property
    def counts(self) -> Counts:
        """The five numbers together."""
        return Counts(*(getattr(self, name) for name in NAMES))


def run(
    *,
    progress: Told | None = None,
    workers: int = 1,
    chunk_size: int | None = None,
    resync: bool = True,
) -> BackfillReport:
    """Migrate all users in this process; joins the open run, and goes on where it stopped.

    May be started in several processes at once, stopped at any moment and started again: the
    chunks are leased by the database, and whoever died is replaced within a lease.

    Args:
        progress: called with the progress some times a second, from any of the workers.
        workers: how many threads work at the same time, each on its own connection. One works in
            the calling thread. SQLite has one writer, so that more do not help there.
        chunk_size: how many users to lease at once; ``CHUNK_SIZE`` by default.
        resync: whether to look for users that became stale meanwhile.

    Raises:
        ValueError: workers or chunk_size is below one.
        OlderMapping: a newer release migrates users already, or began to meanwhile.
        BackfillStopped: too many users in a row failed; the run may be taken up again.
        DatabaseError: the database stayed out of reach; the run may be taken up again.

    """
    settings = conf.get()
    size = settings.chunk_size if chunk_size is None else chunk_size
    for name, value in (("workers", workers), ("chunk_size", size)):
        if value < 1:
            raise ValueError(f"{name} is {value}; it must be at least 1.")
    using = settings.database
    opened = runs.open_run(using=using)
    crew = Crew(opened, using, size, progress)
    begin, before = time.monotonic(), crew.seen()
    crew.work(workers)
    seconds = time.monotonic() - begin
    runs.require_whole(opened, using=using)
    resynced = _resynced() if resync else 0
    return _report(opened, using, seconds, before, resynced)


@dataclass(slots=True)
class Crew:
    """The workers of one process on one run."""

    run: BackfillRun
    using: str
    size: int
    told: Told | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _telling: threading.Lock = field(default_factory=threading.Lock)
    _told_at: float = 0.0

    def seen(self) -> Progress:
        """Return the progress of the run now."""
        return pace.progress(self.run)

    def work(self, workers: int) -> None:
        """Work until the run is finished, by these workers or others."""
        if workers == 1:
            self._until_finished()
        else:
            self._in_threads(workers)
        self._tell(at_once=True)

    def _in_threads(self, workers: int) -> None:
        with ThreadPoolExecutor(workers, thread_name_prefix="backfill") as pool:
            try:
                futures = [pool.submit(self._in_thread) for _ in range(workers)]
                wait(futures, return_when=FIRST_EXCEPTION)
            finally:
                self._stop.set()
        for future in futures:
            future.result()

    def _in_thread(self) -> None:
        try:
            self._until_finished()
        finally:
            connections[self.using].close()

    def _until_finished(self) -> None:
        failures = 0
        while not self._stop.is_set():
            try:
                if not self._one_chunk():
                    return
            except (OperationalError, InterfaceError):
                failures += 1
                if failures > RETRIES:
                    raise
                connections[self.using].close()
                self._stop.wait(0.25 * 2**failures)
            else:
                failures = 0

    def _one_chunk(self) -> bool:
        """Work one chunk, or wait for one; return whether the run goes on."""
        lease = runs.lease(self.run, using=self.using, size=self.size)
        if lease is None:
            return self._wait()
        with suppress(LeaseLost, Stopped):
            ChunkWork(lease, using=self.using, stopping=self._stop.is_set, told=self._tell).finish()
        return True

    def _wait(self) -> bool:
        runs.finish(self.run, using=self.using)
        if runs.is_finished(self.run, using=self.using):
            return False
        self._stop.wait(WAIT_SECONDS)
        self._tell()
        return True

    def _tell(self, *, at_once: bool = False) -> None:
        if self.told is None:
            return
        with self._telling:
            if at_once or time.monotonic() - self._told_at >= TELL_SECONDS:
                self.told(self.seen())
                self._told_at = time.monotonic()


def _resynced() -> int:
    total = 0
    for _ in range(ROUNDS):
        counts = resync_stale()
        if not counts.total:
            break
        total += counts.migrated + counts.unchanged
    return total


def _report(
    opened: BackfillRun, using: str, seconds: float, before: Progress, resynced: int
) -> BackfillReport:
    after = pace.progress(opened)
    return BackfillReport(
        total=after.total,
        **asdict(after.counts),
        chunks=pace.chunks_done(opened, using=using),
        seconds=seconds,
        users_per_second=(after.done - before.done) / seconds,
        resynced=resynced,
    )
