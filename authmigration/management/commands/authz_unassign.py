"""``authz_unassign``: take a role from somebody, in both worlds and from every source."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from ...assignments import unassign
from ..command import AuthoredCommand
from ..roles import add_assignment, named


class Command(AuthoredCommand):
    """Take a role in a context away, wherever it comes from."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        add_assignment(parser)

    def handle(self, **options: Any) -> None:
        """Take it away, and say from where."""
        wanted = named(options)
        change = unassign(
            wanted.subject.user or wanted.subject.id,
            wanted.role,
            wanted.context,
            effect=wanted.effect,
            **self.by(options),
        )
        if not change.changed:
            self.say(f"{wanted.subject} did not hold {wanted}.")
            return
        self.say(f"{wanted.subject} no longer holds {wanted}.")
        written = f"Legacy was changed: {', '.join(change.sources)}."
        self.say(written if change.sources else "Legacy did not hold it.")
