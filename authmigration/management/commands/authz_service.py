"""``authz_service``: programs that get tokens of their own."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from ...tokens import machines
from ...trail import authorship
from ..command import AuthoredCommand, add_authorship


class Command(AuthoredCommand):
    """Register a program that gets tokens of its own, list them, or disable one."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("action", choices=("add", "list", "disable"))
        parser.add_argument("name", nargs="?", help="of the program: nightly-export")
        parser.add_argument("--audience", help="the one service that it calls")
        add_authorship(parser, required=False)

    def handle(self, **options: Any) -> None:
        """Do it; a secret is written to the output once, and nowhere else."""
        if options["action"] == "list":
            self._list()
            return
        if not options["name"]:
            raise CommandError("Name the program: authz_service add nightly-export ...")
        by = self.by(options)
        author = authorship(by["actor"], by["reason"])
        if options["action"] == "disable":
            done = machines.disable(options["name"], author)
            self.say("It gets no more tokens." if done else "Nothing was changed.")
            return
        if not options["audience"]:
            raise CommandError("Name the service that it calls: --audience gradebook.")
        secret = machines.add(options["name"], options["audience"], author)
        self.say(
            secret,
            "",
            f"Shown this once. Assign its roles to service:{options['name']} with authz_assign.",
        )

    def _list(self) -> None:
        for each in machines.every():
            state = "disabled" if each.disabled_at is not None else "active"
            self.say(f"{each.subject:<40} {each.audience:<20} {state}")
