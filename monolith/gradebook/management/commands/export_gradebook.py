"""The command `export_gradebook`: what the gradebook service takes over, a row a line."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from monolith.accounts.models import User
from monolith.courses.models import Course
from monolith.gradebook.models import Exercise, Grade


class Command(BaseCommand):
    """Write courses with their school, students with their name, exercises and grades."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **_: Any) -> None:
        """Write the file beside its place, then move it there."""
        part = file.with_name(f"{file.name}.part")
        try:
            with part.open("w", encoding="utf-8") as out:
                count = _write(out)
            part.replace(file)
        except OSError as error:
            raise CommandError(f"{file} was not written: {error}") from error
        self.stdout.write(f"{file}: {count:,} rows.")


def _write(out: TextIO) -> int:
    count = 0
    with _one_moment():
        for row in _rows():
            out.write(json.dumps(row) + "\n")
            count += 1
    out.write(json.dumps({"end": count}) + "\n")
    return count


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read everything as of one moment: a grade without its exercise could not be loaded."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _rows() -> Iterator[dict[str, dict[str, Any]]]:
    for course in Course.objects.order_by("pk").iterator():
        names = {"code": course.code, "title": course.title}
        yield {"course": {"id": str(course.pk), "school": str(course.school_id), **names}}
    for user in User.objects.filter(grades__isnull=False).distinct().order_by("pk").iterator():
        yield {"student": {"id": str(user.pk), "name": user.get_full_name() or user.username}}
    for exercise in Exercise.objects.order_by("pk").iterator():
        course = str(exercise.course_id)
        yield {"exercise": {"id": str(exercise.pk), "course": course, "title": exercise.title}}
    for grade in Grade.objects.order_by("pk").iterator():
        whose = {"exercise": str(grade.exercise_id), "student": str(grade.student_id)}
        given = {"points": grade.points, "comment": grade.comment}
        yield {"grade": {"id": str(grade.pk), **whose, **given}}
