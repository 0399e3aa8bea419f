"""``authz_revoke``: sign a user, or everybody, out of every device that refreshes tokens."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from ...tokens import families
from ...tokens.options import get
from ...trail import authorship
from ..command import AuthoredCommand, add_authorship
from ..people import find


class Command(AuthoredCommand):
    """Sign a user, or everybody, out of every device that refreshes tokens."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        whom = parser.add_mutually_exclusive_group(required=True)
        whom.add_argument("user", nargs="?", help="primary key or username")
        whom.add_argument("--all", action="store_true", help="everybody")
        parser.add_argument("--yes", action="store_true", help="sign everybody out without asking")
        add_authorship(parser)

    def handle(self, **options: Any) -> None:
        """End the families, and say how many those were."""
        by = self.by(options)
        subject = None if options["all"] else find(options["user"]).id
        if subject is None and not options["yes"]:
            raise CommandError("Nothing was written: add --yes to sign everybody out.")
        author = authorship(by["actor"], by["reason"])
        ended = families.end_all(subject, "revoked", author)
        devices = "1 device" if ended == 1 else f"{ended:,} devices"
        self.say(
            f"Signed out: {devices}. Access tokens that are about hold for up to "
            f"{get().seconds} s more."
        )
