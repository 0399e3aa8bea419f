"""The command `import_enrolments`: takes over what the student office exported tonight."""

import csv
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

_ORDER = ("status", "user_name", "course_code", "kind")
_KINDS = {"mentor": 5, "learner": 10, "guest auditor": 20}
_STATUSES = ("active", "withdrawn", "pending", "completed")
_UPDATE = (
    "UPDATE courses_enrolment SET status = %s"
    " WHERE student_id = %s AND course_id = %s AND kind = %s"
)
_INSERT = (
    "INSERT INTO courses_enrolment (status, student_id, course_id, kind, registered_on)"
    " VALUES (%s, %s, %s, %s, CURRENT_DATE)"
)


class Line(NamedTuple):
    """One place, as its row is written."""

    status: str
    student: int
    course: int
    kind: int


class Command(BaseCommand):
    """Read a CSV file of enrolments and write it into the table, past models and signals.

    The first line names the columns user_name, course_code, kind and status. A student's places of
    the same kind on the course get the status; without one a place is added. All or nothing.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **_: Any) -> None:
        """Import, and print how many rows were changed and added."""
        with connection.cursor() as cursor:
            people = _keys(cursor, "SELECT username, id FROM accounts_user")
            courses = _keys(cursor, "SELECT code, id FROM courses_course ORDER BY id DESC")
            known = {
                "user_name": people,
                "course_code": courses,
                "kind": _KINDS,
                "status": {status: status for status in _STATUSES},
            }
            lines = list(_lines(file, known))
            with transaction.atomic():
                changed, added = _write(cursor, lines)
        self.stdout.write(f"{changed:,} changed, {added:,} added")


def _keys(cursor: Any, query: str) -> dict[str, int]:
    cursor.execute(query)
    return dict(cursor.fetchall())


def _lines(file: Path, known: dict[str, dict[str, Any]]) -> Iterator[Line]:
    try:
        with file.open(newline="", encoding="utf-8-sig") as opened:
            reader = csv.DictReader(opened)
            missing = [name for name in known if name not in (reader.fieldnames or ())]
            if missing:
                raise CommandError(f"{file}: the first line does not name {', '.join(missing)}.")
            for row in reader:
                found = {name: _found(row[name], known[name]) for name in known}
                for name, value in found.items():
                    if value is None:
                        raise CommandError(
                            f"{file}, line {reader.line_num}: {name} {row[name]!r} is not known "
                            "here. Mend the line or take it out; nothing was imported."
                        )
                yield Line(*(found[name] for name in _ORDER))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CommandError(f"{file} cannot be read: {error}.") from error


def _found(text: str | None, known: dict[str, Any]) -> Any:
    return known.get((text or "").strip())


def _write(cursor: Any, lines: list[Line]) -> tuple[int, int]:
    changed = added = 0
    for line in lines:
        cursor.execute(_UPDATE, line)
        changed += cursor.rowcount
        if not cursor.rowcount:
            cursor.execute(_INSERT, line)
            added += 1
    return changed, added
