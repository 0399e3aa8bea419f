"""How many statements the questions of one request cost, however many there are."""

# ruff: noqa: E402 -- Django is set up before anything that has models

import sys
from collections.abc import Callable

from benchmarks import start

start.set_up()

from django.db import connection
from django.test.utils import CaptureQueriesContext

import authmigration
from benchmarks import engines, population
from benchmarks.engines import POSTGRESQL, SQLITE
from benchmarks.report import Report
from monolith.accounts.models import User
from monolith.courses.models import Course
from monolith.gradebook.models import Exercise, Grade

CHECKS = 100
PEOPLE = 50


def measure(report: Report) -> None:
    """Count for people who are migrated and fresh; each line is a request of its own."""
    at = population.schools(2)
    courses = population.courses(2 * CHECKS, at)
    people = population.users(PEOPLE)
    exercise = Exercise.objects.create(course=courses[0], title="1")
    grade = Grade.objects.create(exercise=exercise, student=people[-1], points=7)
    population.enforce_for_everyone()
    teacher, head = people[0], people[1]
    population.migrated(
        {
            **{user: [("student", course) for course in courses[:5]] for user in people},
            teacher: [("teacher", course) for course in courses[:CHECKS]],
            head: [("principal", at[0])],
        }
    )
    for what, asked, limit in requests(teacher, head, people, courses, grade):
        assert_central(teacher)
        report.state(what, statements(asked), "statements", ("<=", limit))


def requests(
    teacher: User, head: User, people: list[User], courses: list[Course], grade: Grade
) -> list[tuple[str, Callable[[], object], int]]:
    """Return what is asked, how, and the most statements that it may cost."""
    some = courses[:CHECKS]
    names = [f"course:{course.pk}" for course in some]
    bare = Grade.objects.get(pk=grade.pk)

    def check(who: User, permission: str, *what: object) -> Callable[[], object]:
        return lambda: [authmigration.check(who, permission, each) for each in what]

    return [
        ("no question", lambda: None, 0),
        ("one check", check(teacher, "course.edit", some[0]), 1),
        (f"{CHECKS} checks of as many courses", check(teacher, "course.edit", *some), 1),
        (f"{CHECKS} checks by id", check(teacher, "course.edit", *names), 1),
        (
            f"{CHECKS} roles asked by name",
            lambda: [authmigration.is_authorized(teacher, "course", c.pk, "teacher") for c in some],
            1,
        ),
        (
            "a check and the list of roles",
            lambda: (
                authmigration.check(teacher, "course.edit", some[0]),
                authmigration.roles_of(teacher),
            ),
            1,
        ),
        (
            f"{CHECKS} checks about each of {PEOPLE} people, prefetched",
            lambda: (
                authmigration.prefetch(people),
                [authmigration.check(who, "course.enrol", c) for who in people for c in some],
            ),
            1,
        ),
        (
            "a check and a filtered list, the list's own statement included",
            lambda: (
                authmigration.check(teacher, "course.edit", some[0]),
                list(authmigration.filter_queryset(teacher, "course.edit", Course.objects.all())),
            ),
            2,
        ),
        (
            f"{CHECKS} checks of one course by id, of the head of its school (1 level above)",
            check(head, "course.edit", *[names[0]] * CHECKS),
            2,
        ),
        (
            f"{CHECKS} checks of one grade by id, of the head of its school (3 levels above)",
            check(head, "grade.edit", *[f"grade:{grade.pk}"] * CHECKS),
            4,
        ),
        (
            f"{CHECKS} checks of one grade, its relations not loaded (2 rows on the way up)",
            check(head, "grade.edit", *[bare] * CHECKS),
            3,
        ),
    ]


def statements(request: Callable[[], object]) -> int:
    """Count the statements of one request."""
    with CaptureQueriesContext(connection) as captured, authmigration.pinned():
        request()
    return len(captured)


def assert_central(user: User) -> None:
    """Stop if the central facts do not decide: legacy's statements are not what is counted."""
    assert authmigration.check(user, "course.edit", "course:1").world == "central"


if __name__ == "__main__":
    sys.exit(engines.run(measure, POSTGRESQL, SQLITE))
