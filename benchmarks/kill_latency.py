"""How long after a kill other processes answer from legacy, without any cache that they share."""

# ruff: noqa: E402 -- Django is set up before anything that has models

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from queue import Queue
from statistics import quantiles
from threading import Thread

from benchmarks import start

start.set_up()

import authmigration
from authmigration.rollout.killing import kill, lift
from benchmarks import engines, population
from benchmarks.engines import POSTGRESQL
from benchmarks.report import Report
from monolith.accounts.models import User

KILLS, PROCESSES = 20, 2
WATCHER = "watch"
PERMISSION = "course.edit"
LIMIT_SECONDS = 1.1
PATIENCE = 20.0
LOOK_SECONDS = 0.002
BY = {"actor": "benchmark", "reason": "to be measured"}


def measure(report: Report) -> None:
    """Kill and lift again and again, at moments spread over the second between two reads."""
    (user,) = population.users(1)
    (course,) = population.courses(1, population.schools(1))
    population.enforce_for_everyone()
    population.migrated({user: [("teacher", course)]})
    kills = report.sized(KILLS, 2)
    with ExitStack() as stack:
        question = (str(user.pk), f"course:{course.pk}")
        watchers = [stack.enter_context(watching(*question)) for _ in range(PROCESSES)]
        seen(watchers, "central")
        killed = [turned(kill, watchers, "legacy", number / kills) for number in range(kills)]
    taken = sorted(seconds for each in killed for seconds in each)
    low, middle, high = quantiles(taken, n=4, method="inclusive")
    report.say(f"{kills} kills, seen by {PROCESSES} processes each, in seconds after the commit:")
    for what, value in (("a quarter", low), ("half", middle), ("three quarters", high)):
        report.state(f"kills seen by {what} of the processes within", value, "s")
    report.state("the longest that a kill took to be seen", taken[-1], "s", ("<=", LIMIT_SECONDS))


def turned(turn, watchers: list["Watcher"], world: str, phase: float) -> list[float]:  # noqa: ANN001 -- kill
    """Kill at a moment of the second, and lift afterwards; return when each process saw it."""
    time.sleep(phase)
    turn(**BY)
    at = time.time()
    found = [each - at for each in seen(watchers, world)]
    lift(**BY)
    seen(watchers, "central")
    return found


def seen(watchers: list["Watcher"], world: str) -> list[float]:
    """Return at what time each process first answered from a world."""
    return [watcher.next(world) for watcher in watchers]


class Watcher:
    """Another process that asks without end, and says when another world answers."""

    def __init__(self, subject: str, what: str) -> None:
        command = [sys.executable, "-m", "benchmarks.kill_latency", WATCHER, subject, what]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, env=dict(os.environ)
        )
        self.lines: Queue[dict] = Queue()
        Thread(target=self.follow, daemon=True).start()

    def follow(self) -> None:
        """Read what the process says."""
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def next(self, world: str) -> float:
        """Return at what time the process next answered from a world."""
        while True:
            said = self.lines.get(timeout=PATIENCE)
            if said["world"] == world:
                return said["at"]


@contextmanager
def watching(subject: str, what: str) -> Iterator[Watcher]:
    """Watch from another process, and end it."""
    watcher = Watcher(subject, what)
    try:
        yield watcher
    finally:
        watcher.process.kill()
        watcher.process.wait()
        watcher.process.stdout.close()


def watch(subject: str, what: str) -> None:
    """Ask in units of work of their own, and print a line when another world answers."""
    user, last = User.objects.get(pk=subject), None
    while os.getppid() != 1:
        with authmigration.pinned():
            world = authmigration.check(user, PERMISSION, what).world
        if world != last:
            print(json.dumps({"world": world, "at": time.time()}), flush=True)
            last = world
        time.sleep(LOOK_SECONDS)


if __name__ == "__main__":
    if sys.argv[1:2] == [WATCHER]:
        watch(*sys.argv[2:])
    else:
        sys.exit(engines.run(measure, POSTGRESQL))
