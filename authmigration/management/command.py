"""A command of the toolkit: its errors are sentences, its output is plain where it must be."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, ProgrammingError

from auth_lib import AuthError

from ..rollout.killing import FlagError
from .people import actor_of

_REFUSALS = (AuthError, FlagError, ImproperlyConfigured)
_DATABASE = (InterfaceError, OperationalError, ProgrammingError)


class AuthzCommand(BaseCommand):
    """Turns what the toolkit raises into errors of a command, and heeds ``NO_COLOR``."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command.

        Raises:
            CommandError: the toolkit refused, with its own words; or the database did.

        """
        if os.environ.get("NO_COLOR") and not options.get("force_color"):
            options["no_color"] = True
        try:
            return super().execute(*args, **options)
        except _REFUSALS as error:
            raise CommandError(str(error)) from error
        except _DATABASE as error:
            raise CommandError(
                f"The database refused ({str(error).strip()}). If it is new, run "
                "'manage.py migrate' first."
            ) from error

    def say(self, *lines: str) -> None:
        """Write lines to the output."""
        for line in lines:
            self.stdout.write(line)

    def warn(self, line: str) -> None:
        """Write a line that must not be missed, beside the output."""
        self.stderr.write(self.style.WARNING(line), style_func=str)


class AuthoredCommand(AuthzCommand):
    """A command that changes something, and so says who and why."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --reason and --actor."""
        add_authorship(parser)

    def by(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return actor and reason as the functions of the toolkit take them.

        Raises:
            CommandError: no reason, or an actor who is no user.

        """
        reason = (options.get("reason") or "").strip()
        if not reason:
            raise CommandError("Say why: --reason 'a sentence for the audit trail'.")
        return {"actor": actor_of(options.get("actor")), "reason": reason}


def add_authorship(parser: ArgumentParser, *, required: bool = True) -> None:
    """Declare --reason and --actor on a parser."""
    parser.add_argument("--reason", required=required, help="why, for the audit trail")
    parser.add_argument(
        "--actor",
        metavar="USER",
        help="who does it, by primary key or username; the user of this system unless told",
    )
