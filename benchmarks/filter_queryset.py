"""Filtering a queryset by a permission beside a hand-written subquery with the same lineage."""

# ruff: noqa: E402 -- Django is set up before anything that has models

import sys
from itertools import cycle, islice
from random import Random

from benchmarks import start

start.set_up()

from django.db import connection
from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.functions import Cast
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import authmigration
from authmigration import registry
from authmigration.models import Assignment
from benchmarks import engines, population
from benchmarks.engines import POSTGRESQL, SQLITE
from benchmarks.report import Report
from benchmarks.rounds import Work, in_turn
from monolith.accounts.models import User
from monolith.courses.models import Course

PERMISSION = "course.edit"
HELD = 20
TAUGHT = 4
ROUNDS, CALLS = 80, 3


def measure(report: Report) -> None:
    """List the courses that somebody may edit, for teachers and for heads of a school."""
    schools = population.schools(report.sized(50, 5))
    courses = population.courses(report.sized(2_000, 3 * HELD), schools)
    people = population.users(report.sized(2_000, 20))
    population.enforce_for_everyone()
    population.migrated(held(people, courses, schools, Random(7)))
    heads = people[::10]
    teachers = [user for user in people if user not in set(heads)]
    for user in [*heads[:10], *teachers[:10]]:
        with authmigration.pinned():
            assert ids(ours(user)) == ids(by_hand(user)), "the two sides list different courses"
    compare(report, "a teacher's courses", teachers)
    compare(report, "the courses of the head of a school", heads)


def held(people: list[User], courses: list[Course], schools: list, random: Random) -> dict:
    """Let everybody teach some courses and study others; every tenth also heads a school."""
    found = {}
    for number, user in enumerate(people):
        theirs = random.sample(courses, HELD)
        found[user] = [("teacher", course) for course in theirs[:TAUGHT]]
        found[user] += [("student", course) for course in theirs[TAUGHT:]]
        if number % 10 == 0:
            found[user].append(("principal", random.choice(schools)))
    return found


def compare(report: Report, what: str, people: list[User]) -> None:
    """Measure with nothing loaded, and inside a request that has asked before."""
    rows = len(ids(by_hand(people[0])))
    say = f"list {what} ({rows} of {Course.objects.count():,})"
    report.compare(
        f"{say}, nothing loaded ({statements(people[0])} statements)",
        in_turn(
            each(ours, people), each(by_hand, people), rounds=report.sized(ROUNDS, 2), calls=CALLS
        ),
        peer="hand-written subqueries",
        unit="us",
        limit=("<=", 1.2),
    )
    some = people[:50]
    with authmigration.pinned():
        authmigration.prefetch(some)
        report.compare(
            f"{say}, facts loaded",
            in_turn(
                each(ours, some), each(by_hand, some), rounds=report.sized(ROUNDS, 2), calls=CALLS
            ),
            peer="hand-written subqueries",
            unit="us",
            limit=("<=", 1.2),
        )


def statements(user: User) -> int:
    """Count the statements of one list with nothing loaded."""
    with CaptureQueriesContext(connection) as captured:
        list(ours(user))
    return len(captured)


def each(listed, people: list[User]) -> Work:  # noqa: ANN001 -- ours or by_hand
    """Return work that lists for the next few people, to the end of each list."""
    endless = cycle(people)

    def work() -> None:
        for user in islice(endless, CALLS):
            list(listed(user))

    return work


def ours(user: User) -> QuerySet[Course]:
    """Filter by the policy."""
    return authmigration.filter_queryset(user, PERMISSION, Course.objects.all())


def by_hand(user: User) -> QuerySet[Course]:
    """Filter as a view would: the roles on the course, or those on its school."""
    return Course.objects.filter(
        Q(pk__in=_contexts(user, "course")) | Q(school__in=_contexts(user, "school"))
    )


def _contexts(user: User, kind: str) -> QuerySet[Assignment]:
    roles = registry.get().policy.granting(PERMISSION)[kind]
    now = timezone.now()
    return (
        Assignment.objects.filter(subject=str(user.pk), context_type=kind, role__in=roles)
        .filter(Q(valid_until=None) | Q(valid_until__gt=now), effect="grant", valid_from__lte=now)
        .annotate(key=Cast("context_id", BigIntegerField()))
        .values("key")
    )


def ids(rows: QuerySet[Course]) -> set[int]:
    """Return which courses are listed."""
    return {course.pk for course in rows}


if __name__ == "__main__":
    sys.exit(engines.run(measure, POSTGRESQL, SQLITE))
