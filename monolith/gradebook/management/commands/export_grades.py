"""The command `export_grades`: prints the grades of a course as CSV."""

import csv
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monolith.courses.models import Course
from monolith.gradebook.grade_table import HEAD, grade_rows


class Command(BaseCommand):
    """Print student, name, exercise and points, for the certificates office."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("course", help="the code of the course, as in ALG-2025J")

    def handle(self, *, course: str, **_: Any) -> None:
        """Print the table."""
        found = Course.objects.filter(code=course)
        if len(found) != 1:
            raise CommandError(f"{len(found)} courses have the code {course!r}; one is wanted.")
        table = csv.writer(self.stdout, lineterminator="\n")
        table.writerow(HEAD)
        table.writerows(grade_rows(found[0]))
