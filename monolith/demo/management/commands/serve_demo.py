"""The command `serve_demo`: the platform to click on, with a demo log-in."""

import os
import socket
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from monolith.accounts.models import User

RUNNING = "MONOLITH_SERVE_RUNNING"
USERS = 2000


class Command(BaseCommand):
    """Prepare the platform on its first start, and serve it on this machine."""

    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--users", type=int, default=USERS, help="students to generate on the first start"
        )

    def handle(self, *, port: int, users: int, **_: Any) -> None:
        """Serve until Ctrl-C."""
        if os.environ.get(RUNNING) != "1":
            _begin_again()
        _require_free(port)
        call_command("migrate", verbosity=0)
        if not User.objects.exists():
            self.stdout.write(f"First start: {users:,} students are generated.")
            call_command("seed_platform", "--users", str(users), "--progress")
            call_command("authz_capture", "install")
        where = f"http://127.0.0.1:{port}"
        self.stdout.write(f"\n  {where}/demo/login/   log in as anybody")
        self.stdout.write(f"  {where}/admin/        as the superuser: progress and kill switch\n")
        self.stdout.flush()
        call_command("runserver", f"127.0.0.1:{port}", "--noreload")


def _begin_again() -> None:
    """Start this command once more, with the settings of a demo."""
    (Path(settings.BASE_DIR) / "var").mkdir(exist_ok=True)
    env = {
        "MONOLITH_DATABASE_URL": "sqlite:///var/serve.sqlite3",
        **os.environ,
        RUNNING: "1",
        "MONOLITH_DEBUG": "1",
    }
    os.execve(sys.executable, [sys.executable, *sys.argv], env)  # noqa: S606 -- itself


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(
                f"Port {port} is taken ({error.strerror}): make serve PORT={port + 1}"
            ) from error
