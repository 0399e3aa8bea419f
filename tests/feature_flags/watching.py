"""Start watchers and follow what they see."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty, Queue
from threading import Thread

PATIENCE = 20.0
Seen = dict[str, object]


class Watcher:
    """A process that watches the flag ``watched``, and its forked children if it has some."""

    def __init__(self, url: str, *, fork: bool = False, **environment: str) -> None:
        command = [sys.executable, "-m", "tests.feature_flags.watcher", *(["fork"] if fork else [])]
        self.process = subprocess.Popen(
            command,
            env={**os.environ, "MONOLITH_DATABASE_URL": url, **environment},
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self.lines: Queue[Seen] = Queue()
        Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def next(self, wanted: Callable[[Seen], bool] = lambda seen: True) -> Seen:
        """Return the next line of this kind; fail if none comes."""
        while True:
            try:
                seen = self.lines.get(timeout=PATIENCE)
            except Empty:
                raise AssertionError(f"nothing seen; exit status {self.process.poll()}") from None
            if wanted(seen):
                return seen

    def end(self) -> None:
        """End the process and its children, which are a group of their own."""
        os.killpg(self.process.pid, 9)
        self.process.wait()
        self.process.stdout.close()


@contextmanager
def watching(url: str, **how: object) -> Iterator[Watcher]:
    watcher = Watcher(url, **how)
    try:
        yield watcher
    finally:
        watcher.end()
