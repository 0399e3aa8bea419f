"""Twelve threads at the first access of the same user, beside a lock and a unique constraint."""

# ruff: noqa: E402 -- Django is set up before anything that has models

import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import quantiles

from benchmarks import start

start.set_up()

from django.conf import settings
from django.db import IntegrityError, connection
from django.db.models import Count
from django.test import override_settings

import authmigration
from authmigration import registry
from authmigration.models import Assignment, AuditEvent
from benchmarks import by_hand, engines, legacy_roles, population
from benchmarks.by_hand import Way
from benchmarks.engines import POSTGRESQL
from benchmarks.report import Report
from monolith.accounts.models import User
from monolith.courses.models import Course

THREADS, USERS, PEERS_USERS = 12, 100, 40
OURS = "ours"
PERMISSION = "course.edit"
LOOK_SECONDS = 0.002
LOCKS = """
    SELECT wait_event FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""

# Whoever migrates a user says so; the others are the losers.
Migrate = Callable[[User], bool]


@dataclass
class Outcome:
    """What became of one way of migrating.

    Attributes:
        winners: seconds of those who migrated.
        losers: seconds of the others.
        errors: what they raised.
        waiting: for each time that a session was seen waiting for another's lock, which kind.

    """

    winners: list[float] = field(default_factory=list)
    losers: list[float] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)


def measure(report: Report) -> None:
    """Let all threads ask about one user after the other, each way with users of its own."""
    # By default four at a time may migrate in a process; here all twelve are to meet at the lock.
    together = {**settings.AUTHMIGRATION, "LAZY_CONCURRENCY": THREADS}
    users, fewer = report.sized(USERS, 3), report.sized(PEERS_USERS, 3)
    with override_settings(AUTHMIGRATION=together), registry.override(population.declarative()):
        at = population.schools(5)
        courses = population.courses(50, at)
        ways: dict[str, Migrate] = {
            OURS: lambda user: first_access(user, courses[0]),
            "select_for_update": lambda user: by_hand.migrate(user, "hash", Way.LOCKED),
            "unique constraint": unique_only,
        }
        crowds = {
            name: legacy_roles.people(
                legacy_roles.HEAVY, (users if name == OURS else fewer) + 1, at, courses
            )
            for name in ways
        }
        population.enforce_for_everyone()
        population.analyze()
        for name, crowd in crowds.items():
            ways[name](crowd.pop())
        found = Race(ways, crowds).run()
    for name, outcome in found.items():
        tell(report, name, outcome, crowds[name])


def first_access(user: User, course: Course) -> bool:
    """Ask one question, and return whether it was this one that migrated the user."""
    with authmigration.pinned() as pin:
        authmigration.check(user, PERMISSION, course)
        loaded = pin.snapshots[str(user.pk)].loaded
        # Facts that were read from the table name their row; those written a moment ago do not.
        written = all(sourced.row == 0 for sourced in loaded.facts)
        return loaded.state is not None and loaded.state.revision == 1 and written


def unique_only(user: User) -> bool:
    """Migrate, and take the violated constraint for the news that somebody else has."""
    try:
        return by_hand.migrate(user, "hash", Way.UNIQUE)
    except IntegrityError:
        return False


class Race:
    """Runs all threads through the same users, one way after the other for each place.

    Args:
        ways: how each way migrates one user.
        crowds: the users of each way.

    """

    def __init__(self, ways: dict[str, Migrate], crowds: dict[str, list[User]]) -> None:
        self.rounds = [
            (name, ways[name], crowd[place])
            for place in range(max(map(len, crowds.values())))
            for name, crowd in crowds.items()
            if place < len(crowd)
        ]
        self.outcomes = {name: Outcome() for name in ways}
        self.running = enumerate(self.rounds)
        self.round, self.name = -1, ""
        self.over = threading.Event()
        self.barrier = threading.Barrier(THREADS, action=self.next_round)

    def run(self) -> dict[str, Outcome]:
        """Run all rounds and return what became of each way."""
        watcher = threading.Thread(target=self.watch)
        racers = [threading.Thread(target=self.race) for _ in range(THREADS)]
        for thread in (watcher, *racers):
            thread.start()
        for thread in racers:
            thread.join()
        self.over.set()
        watcher.join()
        return self.outcomes

    def next_round(self) -> None:
        """Name the way of the round that begins; called by one thread while the others wait."""
        self.round, (self.name, _, _) = next(self.running)

    def race(self) -> None:
        """Take part in every round."""
        try:
            for name, migrate, user in self.rounds:
                self.barrier.wait()
                self.take(self.outcomes[name], migrate, user)
        finally:
            connection.close()

    def take(self, outcome: Outcome, migrate: Migrate, user: User) -> None:
        """Take part in one round."""
        began = time.perf_counter()
        try:
            won = migrate(user)
        except Exception as error:  # noqa: BLE001 -- counted, and shown
            outcome.errors.append(error)
            return
        (outcome.winners if won else outcome.losers).append(time.perf_counter() - began)

    def watch(self) -> None:
        """Look again and again whether a session of this database waits for a lock."""
        with connection.cursor() as cursor:
            while not self.over.wait(LOOK_SECONDS):
                before, name = self.round, self.name
                cursor.execute(LOCKS)
                waiting = [row for (row,) in cursor.fetchall()]
                # What was seen while one round ended and another began belongs to neither.
                if name and before == self.round:
                    self.outcomes[name].waiting += waiting
        connection.close()


def tell(report: Report, name: str, outcome: Outcome, crowd: list[User]) -> None:
    """Report one way; only ours has limits."""
    ours = name == OURS
    users = len(crowd)
    for what, count, limit in (
        ("migrations", migrations(crowd), users),
        ("facts held twice", held_twice(crowd), 0),
        ("errors", len(outcome.errors), 0),
        ("sessions seen waiting for a lock", len(outcome.waiting), 0),
    ):
        report.state(f"{name}: {what}", count, "", ("==", limit) if ours else None)
    for error in outcome.errors[:1]:
        report.say(f"  the first error: {error!r}")
    if outcome.waiting:
        report.say(f"  waiting for: {', '.join(sorted(set(outcome.waiting)))}")
    for who, taken in (("whoever migrates", outcome.winners), ("the others", outcome.losers)):
        report.state(f"{name}: {who}, median", percentile(taken, 50), "ms")
        report.state(f"{name}: {who}, 95 %", percentile(taken, 95), "ms")


def migrations(crowd: list[User]) -> int:
    """Count the audit events of migrations."""
    keys = [str(user.pk) for user in crowd]
    return AuditEvent.objects.filter(action="migrate", subject__in=keys).count()


def held_twice(crowd: list[User]) -> int:
    """Count what somebody holds more than once."""
    keys = [str(user.pk) for user in crowd]
    held = Assignment.objects.filter(subject__in=keys).values(
        "subject", "context_type", "context_id", "role"
    )
    return held.annotate(rows=Count("id")).filter(rows__gt=1).count()


def percentile(taken: Iterable[float], share: int) -> float:
    """Return a percentile in milliseconds."""
    values = sorted(taken)
    if len(values) < 2:
        return values[0] * 1e3 if values else float("nan")
    return quantiles(values, n=100, method="inclusive")[share - 1] * 1e3


if __name__ == "__main__":
    sys.exit(engines.run(measure, POSTGRESQL))
