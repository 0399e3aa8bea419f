"""The first access of a user beside a migration by hand: one transaction and ``bulk_create``."""

# ruff: noqa: E402 -- Django is set up before anything that has models

import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from benchmarks import start

start.set_up()

from django.db import connection
from django.test.utils import CaptureQueriesContext

import authmigration
from authmigration import registry
from authmigration.models import Assignment, AuditEvent, SubjectState
from benchmarks import by_hand, engines, legacy_roles, population
from benchmarks.by_hand import Way
from benchmarks.engines import POSTGRESQL, SQLITE
from benchmarks.report import Report
from benchmarks.rounds import Work, in_turn
from monolith.accounts.models import User
from monolith.courses.models import Course

PERMISSION = "course.edit"
CALLS = 4
PEERS = (Way.LOCKED, Way.UNPROTECTED)


def measure(report: Report) -> None:
    """Let users arrive who were never migrated; each is asked about once and answered."""
    with registry.override(population.declarative()):
        at = population.schools(report.sized(50, 5))
        courses = population.courses(report.sized(500, 50), at)
        rounds = report.sized(30, 2)
        crowds = {
            shape: legacy_roles.people(shape, 2 * len(PEERS) * CALLS * rounds + 5, at, courses)
            for shape in (legacy_roles.LIGHT, legacy_roles.HEAVY)
        }
        population.enforce_for_everyone()
        population.analyze()
        for shape, crowd in crowds.items():
            arrive(report, shape, crowd, courses[0], rounds)


def arrive(report: Report, shape: str, crowd: list[User], course: Course, rounds: int) -> None:
    """Compare both ways over users of one shape."""
    arriving = iter(crowd)
    first_access(next(arriving), course)  # reads the flags and the mapping
    same_facts(next(arriving), course)
    judged = report.engine == "PostgreSQL"
    count = statements(partial(first_access, next(arriving), course))
    report.state(f"{shape}: a first access", count, "statements", ("<=", 6) if judged else None)
    for way in PEERS:
        by_its_way = partial(by_hand.migrate, mapping="hash", way=way)
        count = statements(partial(by_its_way, next(arriving)))
        report.compare(
            f"{shape}: first accesses",
            in_turn(
                each(lambda user: first_access(user, course), arriving),
                each(by_its_way, arriving),
                rounds=rounds,
                calls=CALLS,
            ),
            peer=f"bulk_create by hand, {way.value} ({count} statements)",
            unit="s",
            rate="users/s",
            limit=(">=", 2) if judged and way is Way.LOCKED else None,
        )
    counted(crowd)


def statements(migrate: Work) -> int:
    """Count the statements of one migration, BEGIN and COMMIT among them."""
    with CaptureQueriesContext(connection) as captured:
        migrate()
    return len(captured)


def each(migrate: Callable[[User], object], arriving: Iterator[User]) -> Work:
    """Return work that migrates the next few users."""

    def work() -> None:
        for user in islice(arriving, CALLS):
            assert migrate(user), "migrated before, or not at all"

    return work


def first_access(user: User, course: Course) -> bool:
    """Ask one question, as the first request of a user does; return whether it was migrated."""
    with authmigration.pinned():
        return authmigration.check(user, PERMISSION, course).world == "central"


def same_facts(user: User, course: Course) -> None:
    """Stop if the two ways do not write the same facts of the same user."""
    by_hand.migrate(user, "hash")
    found = legacy_roles.held(user)
    for rows in (Assignment, SubjectState):
        rows.objects.filter(subject=str(user.pk)).delete()
    first_access(user, course)
    assert found == legacy_roles.held(user) != set(), "the two ways write different facts"


def counted(crowd: list[User]) -> None:
    """Stop if anybody lacks a state or an audit event."""
    keys = [str(user.pk) for user in crowd]
    assert SubjectState.objects.filter(subject__in=keys).count() == len(crowd)
    events = AuditEvent.objects.filter(action="migrate", subject__in=keys)
    assert events.values("subject").distinct().count() == len(crowd)


if __name__ == "__main__":
    sys.exit(engines.run(measure, POSTGRESQL, SQLITE))
