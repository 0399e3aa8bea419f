"""Threads that start together, stop where a test wants them to, and leave no connection open."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connections

PATIENCE = 20.0


def alone(work: Callable[..., Any], *given: Any) -> Any:
    """Run a piece of work and close what it opened."""
    try:
        return work(*given)
    finally:
        connections.close_all()


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run pieces of work at the same time; return what each returned, or raise what it raised."""
    barrier = threading.Barrier(len(works), timeout=PATIENCE)

    def run(work: Callable[[], Any]) -> Any:
        barrier.wait()
        return alone(work)

    with ThreadPoolExecutor(len(works)) as pool:
        return [done.result(PATIENCE) for done in [pool.submit(run, work) for work in works]]


class Pause:
    """A place where one thread stops until the test lets it go on."""

    def __init__(self) -> None:
        self._reached = threading.Event()
        self._go = threading.Event()

    def stop(self) -> None:
        """Stop here the first time; go through afterwards."""
        self._reached.set()
        if not self._go.wait(PATIENCE):
            raise TimeoutError("Nobody let this thread go on.")

    @contextmanager
    def while_stopped(self, work: Callable[[], Any]) -> Iterator[None]:
        """Let another thread run to the pause, do something, and let it run to its end."""
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(alone, work)
            try:
                if not self._reached.wait(PATIENCE):
                    raise TimeoutError("The other thread never came here.")
                yield
            finally:
                self._go.set()
            done.result(PATIENCE)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return how many seconds a piece of work took, and its result."""
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found
