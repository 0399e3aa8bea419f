"""The client under test: a program that reads orders and writes results, one JSON object a line."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, field
from typing import Any, Self

PATIENCE = 60.0


class DriverFault(Exception):
    """The program under test does not follow the rules of the checker."""


@dataclass
class Driver:
    """One running program.

    Attributes:
        command: how to start it.
        events: what its client told, in order.

    """

    command: Sequence[str]
    events: list[dict[str, Any]] = field(default_factory=list)
    _waiting: dict[int, Future[dict[str, Any]]] = field(default_factory=dict)
    _number: int = 0

    def __enter__(self) -> Self:
        """Start it."""
        self._process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Close its input and wait until it ends; end it if it does not."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def order(self, do: str, **what: Any) -> Future[dict[str, Any]]:
        """Send an order; the result comes later, whatever is ordered meanwhile."""
        self._number += 1
        result = self._waiting[self._number] = Future()
        line = json.dumps({"id": self._number, "do": do, **what})
        if self._process.stdin is None or self._process.poll() is not None:
            raise DriverFault(f"the program has ended with status {self._process.returncode}")
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return result

    def _read(self) -> None:
        for line in self._process.stdout or ():
            try:
                said = json.loads(line)
            except ValueError:
                continue  # a program may print other things too
            if isinstance(said, dict) and "event" in said:
                self.events.append(said)
            elif isinstance(said, dict) and (waiting := self._waiting.pop(said.get("id", 0), None)):
                waiting.set_result(said)
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(DriverFault("the program ended without a result"))


def result_of(future: Future[dict[str, Any]]) -> Any:
    """Return the status of a request, or the code of the client's error.

    Raises:
        DriverFault: no result came in time, or none of that form.

    """
    try:
        said = future.result(PATIENCE)
    except TooLate:
        raise DriverFault(f"no result within {PATIENCE:.0f} s") from None
    for name in ("status", "error", "ok"):
        if name in said:
            return said[name]
    raise DriverFault(f"a result without status, error or ok: {said}")
