"""The command `serve_demo`: the platform and the gradebook service, with a demo log-in."""

import io
import os
import shlex
import signal
import socket
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from monolith.accounts.models import User
from monolith.demo import serve_environment, token_client
from monolith.demo.gradebook_service import GradebookService, ServiceError
from monolith.demo.redis_here import redis_url

RUNNING = "MONOLITH_SERVE_RUNNING"
HOST = "127.0.0.1"
USERS = 2000
WHY = "the demo begins"


class Command(BaseCommand):
    """Prepare the platform on its first start, and serve it with its gradebook service."""

    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--gradebook-port", type=int, help="of the service; the next one unless told"
        )
        parser.add_argument(
            "--folder",
            type=Path,
            default=Path(settings.BASE_DIR) / "var",
            help="for the databases and logs of both; var unless told",
        )
        parser.add_argument(
            "--users", type=int, default=USERS, help="students to generate on the first start"
        )

    def handle(
        self, *, port: int, gradebook_port: int | None, folder: Path, users: int, **_: Any
    ) -> None:
        """Serve until Ctrl-C or SIGTERM."""
        service_port = gradebook_port or port + 1
        if os.environ.get(RUNNING) != "1":
            _require_free(port, f"make serve PORT={port + 2}")
            _require_free(service_port, f"make serve GRADEBOOK_PORT={service_port + 1}")
            self._build_client()
            _begin_again(port, service_port, folder.resolve())
        self._prepare(users)
        for number in (signal.SIGINT, signal.SIGTERM):
            # Both by name: a shell lets what it starts in the background ignore the first.
            signal.signal(number, _end)
        redis = settings.AUTHMIGRATION["TOKENS"]["REDIS_URL"] or ""
        try:
            with GradebookService(
                service_port,
                origins=f"http://{HOST}:{port},http://localhost:{port}",
                redis=redis,
                folder=folder.resolve(),
            ):
                self._welcome(port, service_port, redis)
                self._beside(folder.resolve() / serve_environment.FILE)
                call_command("runserver", f"{HOST}:{port}", "--noreload")
        except ServiceError as error:
            raise CommandError(str(error)) from error
        finally:
            serve_environment.forget(folder.resolve())

    def _build_client(self) -> None:
        try:
            if token_client.build():
                self.stdout.write("The token client was built.")
        except token_client.NotBuilt as error:
            self.stdout.write(str(error))
        self.stdout.flush()

    def _prepare(self, users: int) -> None:
        call_command("migrate", verbosity=0)
        if User.objects.exists():
            return
        self.stdout.write(f"First start: {users:,} students are generated.")
        call_command("seed_platform", "--users", str(users), "--progress")
        call_command("authz_capture", "install")
        # A teaching assistant exists in the new world alone, and so wants its holder to be there.
        for stage in ("shadow", "enforce"):
            call_command("authz_stage", "everyone", stage, "--reason", WHY, stdout=io.StringIO())
        call_command("authz_tokens", "everyone", "on", "--reason", WHY, stdout=io.StringIO())
        self.stdout.write("Everybody is at enforce and gets tokens: authz_stage, authz_tokens.")

    def _welcome(self, port: int, service_port: int, redis: str) -> None:
        where = f"http://{HOST}:{port}"
        news = f"learns of changed roles through {redis}" if redis else "has no Redis to learn by"
        self.stdout.write(f"\n  {where}/demo/login/   log in as anybody")
        self.stdout.write(f"  {where}/gradebook/    grades, from the service")
        self.stdout.write(f"  {where}/admin/        as the superuser: progress and kill switch")
        self.stdout.write(f"  http://{HOST}:{service_port}/        the service; it {news}\n")
        self.stdout.flush()

    def _beside(self, file: Path) -> None:
        shown = shlex.quote(os.path.relpath(file))
        source = shown if "/" in shown else f"./{shown}"  # a shell looks elsewhere without one
        self.stdout.write("  Commands beside it want its database and its Redis; in another shell:")
        self.stdout.write(f"  . {source}")
        self.stdout.write(
            f'  {os.path.relpath(sys.executable)} manage.py authz_kill on --reason "a drill"\n'
        )
        self.stdout.flush()


def _begin_again(port: int, service_port: int, folder: Path) -> None:
    """Start this command once more, with the settings of a demo."""
    folder.mkdir(exist_ok=True)
    own = {
        "MONOLITH_DATABASE_URL": f"sqlite:///{folder / 'serve.sqlite3'}",
        "MONOLITH_ISSUER": f"http://{HOST}:{port}",
        "MONOLITH_GRADEBOOK_URL": f"http://{HOST}:{service_port}",
        "MONOLITH_REDIS_URL": redis_url(),
    }
    env = {**own, **os.environ, RUNNING: "1", "MONOLITH_DEBUG": "1"}
    serve_environment.keep(
        folder, {name: env[name] for name in (*own, *serve_environment.OTHERS) if name in env}
    )
    sys.stdout.flush()
    os.execve(sys.executable, [sys.executable, *sys.argv], env)  # noqa: S606 -- itself


def _end(*_: object) -> None:
    # As Ctrl-C does: the service is ended on the way out.
    raise KeyboardInterrupt


def _require_free(port: int, mend: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CommandError(f"Port {port} is taken ({error.strerror}): {mend}") from error
