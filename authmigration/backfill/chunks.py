"""A leased chunk, worked from where it was left to its end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from .. import conf
from ..assignments import Outcome
from . import keys, leases
from .batches import Batches
from .counts import Counts, counted
from .leases import Lease

SUB_BATCH = 100
"""The most users in one transaction: each holds a lock of the database until it ends."""

ROUNDS = 3
"""How often those who were busy or failed are tried again at the end of a chunk."""

PAUSE = 0.2
"""Seconds before each such round: others hold a user for a fraction of that."""

REASON = "backfill"
_AGAIN = (Outcome.BUSY, Outcome.FAILED)


DEATHS_BEFORE_CHARGE = 2
"""The first death says which sub-batch it was, the second which user."""


class WorkerDied(Exception):
    """Workers died, or were silent for longer than a lease, whenever they reached a user."""


class Stopped(Exception):
    """The worker was told to stop; its chunk was given back."""


class ChunkWork:
    """The work on one lease.

    After a death without progress the next worker goes one by one, so that the place where it
    dies names the user; from the second death at one user on each counts as that user's failure.

    Args:
        lease: the lease.
        using: the alias of the database.
        stopping: says whether to stop after the current sub-batch.
        told: called after each sub-batch.

    """

    def __init__(
        self,
        lease: Lease,
        *,
        using: str,
        stopping: Callable[[], bool] = lambda: False,
        told: Callable[[], None] = lambda: None,
    ) -> None:
        self.lease = lease
        self.using = using
        self.stopping = stopping
        self.told = told
        self.batches = Batches(using, REASON)
        self.carefully = SUB_BATCH if lease.attempts > 1 else 0
        self.size = SUB_BATCH
        self.again: dict[str, Outcome] = {}

    def finish(self) -> None:
        """Work the chunk to its end.

        Raises:
            LeaseLost: it has another holder by now.
            Stopped: the worker shall stop; the chunk was given back.
            BackfillStopped, DatabaseError: see :meth:`Batches.bring`; the chunk was given back
                where the database allows.

        """
        try:
            self._charge_deaths()
            while subjects := self._next():
                self._do(subjects)
            for _ in range(ROUNDS):
                self._try_again()
            leases.complete(self.lease, using=self.using)
        except leases.LeaseLost:
            raise
        except BaseException:
            self._give_back()
            raise

    def _charge_deaths(self) -> None:
        deaths = self.lease.attempts - 1
        if deaths < DEATHS_BEFORE_CHARGE:
            return
        for subject in self._page(1):
            self.batches.charge(subject, WorkerDied(f"{deaths} workers died on reaching it."))

    def _next(self) -> list[str]:
        if self.stopping():
            raise Stopped
        return self._page(1 if self.carefully > 0 else self.size)

    def _page(self, most: int) -> list[str]:
        lease = self.lease
        return keys.between(lease.reached, lease.first, lease.last, using=self.using, most=most)

    def _do(self, subjects: list[str]) -> None:
        begin = time.monotonic()
        outcomes = self.batches.bring(subjects)
        self._move(subjects[-1], counted(outcomes.values()))
        self._keep(outcomes)
        self.carefully -= len(subjects)
        self.size = _fitting((time.monotonic() - begin) / len(subjects))

    def _try_again(self) -> None:
        if Outcome.BUSY in self.again.values():
            time.sleep(PAUSE)
        waiting, self.again = self.again, {}
        for part in _parts(list(waiting), self.size):
            outcomes = self.batches.bring(part, again=True)
            change = counted(outcomes.values()) - counted(waiting[s] for s in part)
            self._move(self.lease.reached, change)
            self._keep(outcomes)

    def _keep(self, outcomes: dict[str, Outcome]) -> None:
        self.again |= {s: o for s, o in outcomes.items() if o in _AGAIN}

    def _move(self, reached: str, change: Counts) -> None:
        self.lease = leases.move(self.lease, reached, change, using=self.using)
        self.told()

    def _give_back(self) -> None:
        try:
            leases.release(self.lease, using=self.using)
        except Exception:  # noqa: BLE001 -- the lease ends by itself; the first error counts
            return


def _parts(subjects: list[str], size: int) -> Iterator[list[str]]:
    for begin in range(0, len(subjects), size):
        yield subjects[begin : begin + size]


def _fitting(seconds_each: float) -> int:
    """Return how many users fit into a fraction of a lease."""
    wanted = conf.get().lease_seconds / 4 / max(seconds_each, 1e-6)
    return max(1, min(SUB_BATCH, int(wanted)))
