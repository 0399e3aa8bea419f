"""``authz_explain``: why somebody may or may not."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from auth_lib import PLATFORM

from ... import conf, counters
from ...decisions import explain
from ..command import AuthzCommand
from ..people import find


class Command(AuthzCommand):
    """Answer one question as the platform does, and show the chain that leads to the answer."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("user", help="primary key or username")
        parser.add_argument("permission", help="grade.edit")
        parser.add_argument(
            "object",
            nargs="?",
            default=str(PLATFORM),
            help="course:42; left out for what is asked of the platform as a whole",
        )

    def handle(self, **options: Any) -> None:
        """Explain."""
        found = find(options["user"])
        who = found.user if found.user is not None else found.id
        self.say(f"{found}:", str(explain(who, options["permission"], options["object"])))
        counters.flush(using=conf.get().database)
