"""The command `seed_platform`: fills an empty platform with people, courses and roles."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.utils import OperationalError, ProgrammingError

from monolith.data import (
    OULAD_STUDENTS,
    BadDataError,
    Intake,
    PlatformNotEmptyError,
    generate,
    load_oulad,
    seed,
)


class Command(BaseCommand):
    """Generate the platform's data, or load OULAD and generate what is around it."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        source = parser.add_mutually_exclusive_group()
        source.add_argument(
            "--users",
            type=int,
            default=OULAD_STUDENTS,
            metavar="N",
            help=f"how many students to generate; {OULAD_STUDENTS:,} unless told",
        )
        source.add_argument(
            "--oulad",
            type=Path,
            metavar="FOLDER",
            help="load courses.csv and studentRegistration.csv from there instead",
        )
        parser.add_argument("--flush", action="store_true", help="empty the whole database first")
        parser.add_argument("--progress", action="store_true", help="show a bar for each table")

    def handle(
        self, *, users: int, oulad: Path | None, flush: bool, progress: bool, **_: Any
    ) -> None:
        """Seed, and print how many rows each table got."""
        intake = self._intake(users, oulad)
        try:
            written = seed(intake, flush=flush, progress=self._bar if progress else _silent)
        except PlatformNotEmptyError as error:
            raise CommandError(str(error)) from error
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(
                f"The database refused ({error}). If it is new, run 'manage.py migrate' first."
            ) from error
        for table, rows in written.items():
            self.stdout.write(f"{rows:>8,} {table}")

    def _intake(self, users: int, oulad: Path | None) -> Intake:
        try:
            return generate(users) if oulad is None else load_oulad(oulad)
        except BadDataError as error:
            raise CommandError(str(error)) from error
        except ValueError as error:
            raise CommandError(f"--users: {error}") from error

    def _bar(self, table: str, done: int, total: int) -> None:
        if done < total and not self.stderr.isatty():
            return
        filled = 30 * done // total
        end = "\n" if done == total else ""
        start = "\r" if self.stderr.isatty() else ""
        bar = f"{start}{table:<12} [{'#' * filled:<30}] {done:>7,}/{total:,}{end}"
        self.stderr.write(bar, ending="", style_func=str)


def _silent(table: str, done: int, total: int) -> None:
    """Show nothing."""
