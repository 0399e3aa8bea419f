"""A check on loaded facts beside django-guardian's, and one that reads beside ``.exists()``."""

# ruff: noqa: E402 -- Django is set up before anything that has models

import sys
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from random import Random

from benchmarks import start

start.set_up()

from django.conf import settings
from django.db import connection
from django.db.models import Q
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

COURSES = 20
PERMISSION = "course.edit"
GUARDIANS = "change_course"
ROLE = "teacher"

Asked = dict[User, list[Course]]
Check = Callable[[User, Course], bool]


def measure(report: Report) -> None:
    """Measure a check, cold and warm, over courses of which half are allowed."""
    if not settings.GUARDIAN:
        sys.exit("The peer is missing: `make bench` installs django-guardian.")
    at = population.schools(report.sized(50, 2))
    courses = population.courses(report.sized(1_000, 2 * COURSES), at)
    people = population.users(report.sized(2_000, 20))
    population.enforce_for_everyone()
    random = Random(7)
    taught = {user: random.sample(courses, COURSES) for user in people}
    population.migrated({user: [(ROLE, c) for c in theirs] for user, theirs in taught.items()})
    asked = {user: half_of(theirs, courses, random) for user, theirs in taught.items()}
    cold(report, asked)
    warm(report, people[0], asked[people[0]])


def half_of(theirs: list[Course], every: list[Course], random: Random) -> list[Course]:
    """Return twenty courses, of which a user teaches about every second."""
    mixed = theirs[: COURSES // 2] + random.sample(every, COURSES // 2)
    random.shuffle(mixed)
    return mixed


def cold(report: Report, asked: Asked) -> None:
    """Ask one question about each user in turn, with nothing loaded."""
    calls, rounds = report.sized(5, 2), report.sized(300, 2)
    questions = [(user, courses[0]) for user, courses in asked.items()]
    for question in questions[:20]:
        answers = {check(*question) for check in (ours_cold, exists, bare_exists)}
        assert len(answers) == 1, "the sides answer different questions"
    with CaptureQueriesContext(connection) as captured:
        ours_cold(*questions[0])
    report.state("statements of a check with nothing loaded", len(captured), "", ("<=", 1))
    for peer, name, limit in (
        (exists, "one ORM .exists() for the roles that allow it, granted and valid now", 0.9),
        (bare_exists, "one ORM .exists() for one role, valid or not", None),
    ):
        report.compare(
            f"a check with nothing loaded, {COURSES} facts read",
            in_turn(
                each(ours_cold, questions, calls),
                each(peer, questions, calls),
                rounds=rounds,
                calls=calls,
            ),
            peer=name,
            unit="us",
            limit=("<=", limit) if limit else None,
        )


def each(check: Check, questions: list[tuple[User, Course]], calls: int) -> Work:
    """Return work that asks the next few questions, each about another user."""
    endless: Iterator[tuple[User, Course]] = cycle(questions)

    def work() -> None:
        for user, course in islice(endless, calls):
            check(user, course)

    return work


def ours_cold(user: User, course: Course) -> bool:
    """Ask in a unit of work of its own, so that facts and generation are read."""
    with authmigration.pinned():
        return bool(authmigration.check(user, PERMISSION, course))


def exists(user: User, course: Course) -> bool:
    """Ask the assignments for what allows it on the course itself; not for the school's."""
    now = timezone.now()
    return (
        _of(user, course)
        .filter(Q(valid_until=None) | Q(valid_until__gt=now))
        .filter(role__in=_roles(), effect="grant", valid_from__lte=now)
        .exists()
    )


def bare_exists(user: User, course: Course) -> bool:
    """Ask the assignments for one row."""
    return _of(user, course).filter(role=ROLE).exists()


def _of(user: User, course: Course):  # noqa: ANN202 -- a queryset
    return Assignment.objects.filter(
        subject=str(user.pk), context_type="course", context_id=str(course.pk)
    )


def _roles() -> frozenset[str]:
    return registry.get().policy.granting(PERMISSION)["course"]


def warm(report: Report, user: User, courses: list[Course]) -> None:
    """Ask about the courses in turn, with everything loaded on both sides."""
    checker = guardians_check(user, courses)
    times, rounds = report.sized(10, 1), report.sized(300, 2)

    def peers() -> None:
        for _ in range(times):
            for course in courses:
                checker(course)

    with authmigration.pinned() as pin:
        answers = [bool(authmigration.check(user, PERMISSION, course)) for course in courses]
        assert answers == [checker(course) for course in courses], "other questions"
        assert pin.snapshots[str(user.pk)].world == "central", "legacy answers"
        for what, forget, limit in (
            ("asked again", lambda: None, 0.5),
            ("each question for the first time", pin.answers.clear, None),
        ):
            report.compare(
                f"a check on loaded facts, {what}",
                in_turn(
                    ours_warm(user, courses, times, forget),
                    peers,
                    rounds=rounds,
                    calls=times * COURSES,
                ),
                peer="django-guardian's warm checker",
                unit="us",
                limit=("<=", limit) if limit else None,
            )


def ours_warm(user: User, courses: list[Course], times: int, forget: Work) -> Work:
    """Return work that asks about all courses, several times."""

    def work() -> None:
        for _ in range(times):
            forget()
            for course in courses:
                authmigration.check(user, PERMISSION, course)

    return work


def guardians_check(user: User, courses: list[Course]) -> Callable[[Course], bool]:
    """Give guardian the same facts, and return its check with every answer cached."""
    from guardian.core import ObjectPermissionChecker
    from guardian.shortcuts import assign_perm

    for course in courses:
        if exists(user, course):
            assign_perm(f"courses.{GUARDIANS}", user, course)
    checker = ObjectPermissionChecker(user)
    checker.prefetch_perms(courses)
    return lambda course: checker.has_perm(GUARDIANS, course)


if __name__ == "__main__":
    sys.exit(engines.run(measure, POSTGRESQL, SQLITE))
