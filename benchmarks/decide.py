"""The decision itself, without a database: ``auth_lib.decide`` beside a dict and a set."""

import sys
from datetime import UTC, datetime
from itertools import product
from random import Random

from auth_lib import PLATFORM, Context, HeldRoles, Lineage, Policy, Role, decide
from auth_lib.policy import ContextKind
from benchmarks import engines
from benchmarks.report import Report
from benchmarks.rounds import in_turn

STUDENT = Role("student", on="course", can={"course.view"})
TEACHER = Role("teacher", on="course", can={"course.view", "course.edit"})
HEAD = Role("head", on="school", implies=[TEACHER])
POLICY = Policy(
    (STUDENT, TEACHER, HEAD), (ContextKind("school"), ContextKind("course", parent="school"))
)
PERMISSIONS = ("course.view", "course.edit")
COURSES, SCHOOLS, HELD = 40, 5, 20

Question = tuple[str, Lineage]


def measure(report: Report) -> None:
    """Decide about courses of which half are held, and look the same answers up."""
    random = Random(7)
    courses = [Context("course", str(number)) for number in range(COURSES)]
    facts = [random.choice((STUDENT, TEACHER)).at(course.id) for course in courses[:HELD]]
    held = HeldRoles.of("1", facts, datetime.now(UTC))
    questions = [
        (permission, (course, Context("school", str(number % SCHOOLS)), PLATFORM))
        for permission, (number, course) in product(PERMISSIONS, enumerate(courses))
    ]
    allowed = {
        permission: {
            (lineage[0].type, lineage[0].id)
            for asked, lineage in questions
            if asked == permission and decide(POLICY, held, asked, lineage)
        }
        for permission in PERMISSIONS
    }
    times = report.sized(2, 1)

    def ours() -> None:
        for _ in range(times):
            for permission, lineage in questions:
                decide(POLICY, held, permission, lineage)

    def floor() -> None:
        for _ in range(times):
            for permission, lineage in questions:
                any(context in allowed[permission] for context in lineage)

    report.compare(
        f"a decision over {HELD} facts and three levels",
        in_turn(ours, floor, rounds=report.sized(500, 2), calls=times * len(questions)),
        peer="a dict of sets, each level looked up",
        unit="us",
    )


if __name__ == "__main__":
    sys.exit(engines.run(measure))
