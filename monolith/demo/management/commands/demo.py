"""The command `demo`: lives through the whole migration on a platform of its own."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from monolith.data import OULAD_STUDENTS
from monolith.demo.cast import find_cast
from monolith.demo.ledger import photograph
from monolith.demo.screen import Screen
from monolith.demo.servers import Server, ServerError
from monolith.demo.steps import STEPS
from monolith.demo.story import Story

RUNNING = "MONOLITH_DEMO_RUNNING"
SERVERS = 2


class Command(BaseCommand):
    """Build the platform with data, migrate it step by step, and count the promises kept."""

    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--users", type=int, default=OULAD_STUDENTS, metavar="N", help="students to generate"
        )
        parser.add_argument("--data", type=Path, metavar="FOLDER", help="folder with the OULAD csv")

    def handle(self, *, users: int, data: Path | None, **_: Any) -> None:
        """Run the demo in a process whose settings point at the demo's own database."""
        if os.environ.get(RUNNING) != "1":
            _begin_again()
        screen = Screen(self.stdout._out)  # noqa: SLF001 -- the stream beneath Django's wrapper
        _build(screen, users, data)
        servers = [Server(f"server-{number + 1}") for number in range(SERVERS)]
        try:
            for server in servers:
                server.wait()
            story = Story(screen, find_cast(), servers, picture=photograph())
            for step in STEPS:
                step(story)
        except (LookupError, ServerError) as error:
            raise CommandError(str(error)) from error
        finally:
            for server in servers:
                server.stop()
        _close(story)
        if story.broken or story.rows_changed:
            sys.exit(1)


def _begin_again() -> None:
    """Start this command once more, with the demo's database and settings."""
    folder = Path(settings.BASE_DIR) / "var"
    folder.mkdir(exist_ok=True)
    database = folder / "demo.sqlite3"
    for name in ("demo.sqlite3", "demo.sqlite3-wal", "demo.sqlite3-shm"):
        (folder / name).unlink(missing_ok=True)
    print(
        "The legacy platform is built with its data; then it is migrated while it runs.", flush=True
    )
    env = {
        **os.environ,
        RUNNING: "1",
        "MONOLITH_DATABASE_URL": f"sqlite:///{database.relative_to(settings.BASE_DIR)}",
        "MONOLITH_DEMO_LOGIN": "1",
        "MONOLITH_ENFORCE_SAMPLE": "1",
    }
    os.execve(sys.executable, [sys.executable, *sys.argv], env)  # noqa: S606 -- itself


def _build(screen: Screen, users: int, data: Path | None) -> None:
    screen.step(0, "The legacy platform, as it has run for years")
    call_command("migrate", verbosity=0)
    given = ["--oulad", str(data)] if data is not None else ["--users", str(users)]
    call_command("seed_platform", *given, "--progress")


def _close(story: Story) -> None:
    screen = story.screen
    screen.line()
    head = ("step", "migrated", "checks", "intended", "lockouts", "escalations", "undone in")
    screen.table(
        head,
        (
            (
                f.step,
                f"{f.users:,}",
                f"{f.checks:,}",
                f"{f.intended:,}",
                f"{f.lockouts:,}",
                f"{f.escalations:,}",
                "" if f.undo is None else f"{f.undo:.2f} s",
            )
            for f in story.figures
        ),
    )
    total = story.kept + len(story.broken)
    screen.line()
    screen.line(f"{story.kept} of {total} promises kept, legacy rows changed: {story.rows_changed}")
    for text in story.broken:
        screen.line(f"BROKEN: {text}")
    screen.line()
    screen.line("Next: make serve, log in as anybody, and open /admin/ as the superuser to see the")
    screen.line(
        "progress and the kill switch; then write an authz.py for one app of your own (README)."
    )
