"""What the capture triggers add to a write: to one large statement, and to many small ones."""

# ruff: noqa: E402 -- Django is set up before anything that has models

import sys
from statistics import median

from benchmarks import start

start.set_up()

from django.db import connection, transaction

from authmigration import capture
from authmigration.models import ChangeMark
from benchmarks import engines, population
from benchmarks.engines import POSTGRESQL, SQLITE
from benchmarks.report import Report
from benchmarks.rounds import Paired, seconds
from monolith.accounts.models import Person
from monolith.courses.models import Enrolment
from monolith.schools.models import SchoolStaff

ROWS = Enrolment._meta.db_table
STAFF = SchoolStaff._meta.db_table
NONE, OURS, ROW_TRIGGER = "no trigger", "ours", "a row trigger that appends"

SWAP_KINDS = f"UPDATE {ROWS} SET kind = 30 - kind"  # noqa: S608 -- a table of ours
MOVE_DATES = f"UPDATE {ROWS} SET registered_on = '2026-01-01'"  # noqa: S608 -- as above
CHANGE_ONE = f"UPDATE {ROWS} SET kind = 30 - kind WHERE id = %s"  # noqa: S608 -- as above
LEAVE_ONE = f"UPDATE {ROWS} SET registered_on = '2026-01-01' WHERE id = %s"  # noqa: S608 -- as above
SWAP_POSITION = "CASE position WHEN 'secretary' THEN 'principal' ELSE 'secretary' END"
PROMOTE_ONE = f"UPDATE {STAFF} SET position = {SWAP_POSITION} WHERE id = %s"  # noqa: S608 -- as above

ROW_FUNCTION = """
CREATE OR REPLACE FUNCTION benchmark_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO authmigration_changemark (subject, source, at) VALUES (NEW.student_id, 'x', now());
  RETURN NULL;
END $$
"""


def measure(report: Report) -> None:
    """Measure UPDATE statements with and without the triggers."""
    rows = fill(report)
    rounds = report.sized(5, 2)
    large = [(SWAP_KINDS, "every row changes its role"), (MOVE_DATES, "no row changes its role")]
    for statement, what in large:
        report.compare(
            f"UPDATE of {len(rows):,} rows, {what}",
            large_statement(statement, OURS, NONE, rounds),
            peer=NONE,
            unit="ms",
        )
    if connection.vendor == "postgresql":
        report.compare(
            f"UPDATE of {len(rows):,} rows, every row changes its role",
            large_statement(SWAP_KINDS, OURS, ROW_TRIGGER, rounds),
            peer=ROW_TRIGGER,
            unit="ms",
            limit=("<=", 1.0),
        )
    for statement, keys, what in (
        (CHANGE_ONE, rows, "one row that changes its role"),
        (LEAVE_ONE, rows, "one row that does not"),
        (PROMOTE_ONE, keys_of(STAFF), "one row that does, its user behind a join"),
    ):
        report.compare(
            f"UPDATE of {what}",
            small_statements(statement, keys[: report.sized(200, 10)], rounds),
            peer=NONE,
            unit="us",
        )


def fill(report: Report) -> list[object]:
    """Make enrolments, five for each student, and staff; return the keys of the enrolments."""
    at = population.schools(report.sized(50, 2))
    courses = population.courses(report.sized(500, 10), at)
    students = population.users(report.sized(20_000, 10))
    Enrolment.objects.bulk_create(
        (
            Enrolment(student=student, course=courses[(n + 7 * place) % len(courses)])
            for n, student in enumerate(students)
            for place in range(5)
        ),
        batch_size=population.ROWS,
    )
    people = Person.objects.bulk_create(
        Person(user=student, full_name="x", staff_number=str(student.pk))
        for student in students[: report.sized(2_000, 10)]
    )
    SchoolStaff.objects.bulk_create(
        SchoolStaff(person=person, school=at[0], position=SchoolStaff.SECRETARY)
        for person in people
    )
    population.analyze()
    return keys_of(ROWS)


def keys_of(table: str) -> list[object]:
    """Return the keys of a table as the driver gives and takes them."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table}")  # noqa: S608 -- a table of ours
        return [key for (key,) in cursor.fetchall()]


def large_statement(statement: str, ours: str, peer: str, rounds: int) -> Paired:
    """Time a statement under either kind of trigger, in turn."""
    took: dict[str, list[float]] = {ours: [], peer: []}
    for number in range(rounds):
        for side in (ours, peer) if number % 2 else (peer, ours):
            set_triggers(side)
            took[side].append(seconds(lambda: execute(statement)))
            assert_marks(side, statement)
    return paired(took[ours], took[peer])


def small_statements(statement: str, keys: list[object], rounds: int) -> Paired:
    """Time a statement for one row after the other, in one transaction, in turn."""

    def all_of_them() -> None:
        with transaction.atomic():
            for key in keys:
                execute(statement, [key])

    took: dict[str, list[float]] = {OURS: [], NONE: []}
    for number in range(rounds):
        for side in (OURS, NONE) if number % 2 else (NONE, OURS):
            set_triggers(side)
            took[side].append(seconds(all_of_them) / len(keys))
    return paired(took[OURS], took[NONE])


def set_triggers(side: str) -> None:
    """Put the triggers of one side in place, and the tables back into shape."""
    capture.remove()
    on_postgres = connection.vendor == "postgresql"
    if on_postgres:
        execute(f"DROP TRIGGER IF EXISTS benchmark_mark ON {ROWS}")
    if side == OURS:
        capture.install()
    if side == ROW_TRIGGER:
        execute(ROW_FUNCTION)
        execute(
            f"CREATE TRIGGER benchmark_mark AFTER UPDATE ON {ROWS} FOR EACH ROW "
            "WHEN (OLD.kind IS DISTINCT FROM NEW.kind) EXECUTE FUNCTION benchmark_mark()"
        )
    ChangeMark.objects.all().delete()
    if on_postgres:
        execute(f"VACUUM ANALYZE {ROWS}, authmigration_changemark")


def assert_marks(side: str, statement: str) -> None:
    """Stop where a side does other work than its name says."""
    marked = ChangeMark.objects.exists()
    assert marked == (side != NONE and statement == SWAP_KINDS), f"{side} marked otherwise"


def execute(statement: str, parameters: list[object] | None = None) -> None:
    """Execute one statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def paired(ours: list[float], peers: list[float]) -> Paired:
    """Return both sides, and the ratio of each round."""
    ratios = tuple(our / peer for our, peer in zip(ours, peers, strict=True))
    return Paired(median(ours), median(peers), ratios)


if __name__ == "__main__":
    sys.exit(engines.run(measure, POSTGRESQL, SQLITE))
