"""``authz_assign``: let somebody hold a role, in both worlds."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from ...assignments import Change, assign
from ..command import AuthoredCommand
from ..roles import Named, add_assignment, named


class Command(AuthoredCommand):
    """Assign a role in a context."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        add_assignment(parser)
        parser.add_argument(
            "--until",
            type=_moment,
            metavar="WHEN",
            help="2027-01-31 or 2027-01-31T12:00: the first moment at which it holds no more",
        )

    def handle(self, **options: Any) -> None:
        """Assign it, and say whether legacy holds it too."""
        wanted = named(options)
        change = assign(
            wanted.subject.user or wanted.subject.id,
            wanted.role,
            wanted.context,
            effect=wanted.effect,
            valid_until=options["until"],
            **self.by(options),
        )
        self.say(f"{wanted.subject} {_holds(change, wanted)}", _in_legacy(change))


def _holds(change: Change, wanted: Named) -> str:
    already = "already holds" if not change.changed else "holds"
    return f"{already} {wanted}."


def _in_legacy(change: Change) -> str:
    if change.sources:
        return f"Legacy holds it too: {', '.join(change.sources)}."
    why = change.not_representable or "it was assigned before"
    return f"Legacy does not hold it ({why}): a native fact, which the new world alone knows."


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(
            f"--until {text!r}: write 2027-01-31, or 2027-01-31T12:00 with a time."
        ) from None
    return found if found.tzinfo is not None else timezone.make_aware(found)
