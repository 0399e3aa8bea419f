"""``authz_mismatch``: where old and new answers differ."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from ...shadow import mismatches
from ..command import AuthoredCommand, add_authorship
from ..tables import aligned


class Command(AuthoredCommand):
    """List mismatches, show one, or say that one is dealt with."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the three actions."""
        actions = parser.add_subparsers(dest="action", required=True)
        listing = actions.add_parser("list", help="the open ones, escalations first")
        listing.add_argument("--all", action="store_true", help="resolved ones as well")
        showing = actions.add_parser("show", help="one, with its example")
        showing.add_argument("fingerprint")
        closing = actions.add_parser("resolve", help="it no longer stands in the way")
        closing.add_argument("fingerprint")
        add_authorship(closing)

    def handle(self, **options: Any) -> None:
        """Do what is asked."""
        if options["action"] == "list":
            self._list(everything=options["all"])
        elif options["action"] == "show":
            found = mismatches.found(options["fingerprint"])
            self.say(*aligned(_details(found), indent=""))
        elif mismatches.resolve(options["fingerprint"], **self.by(options)):
            self.say(f"{options['fingerprint']} is resolved.")
        else:
            self.say(f"{options['fingerprint']} was resolved before.")

    def _list(self, *, everything: bool) -> None:
        found = mismatches.every(resolved=everything)
        rows = [
            (m.fingerprint, m.kind, m.permission, m.context_type, m.count, m.origin) for m in found
        ]
        header = ("fingerprint", "kind", "permission", "on", "count", "from")
        self.say(*aligned([header, *rows], indent="") if rows else ("No mismatch is open.",))


def _details(found: mismatches.Mismatch) -> Iterator[tuple[str, object]]:
    yield "fingerprint", found.fingerprint
    yield "kind", found.kind
    yield "permission", found.permission
    yield "on", found.context_type
    yield "reason", found.reason
    yield "from", found.origin
    yield "cohort", found.cohort
    yield "count", str(found.count)
    yield "first seen", f"{found.first_seen:%Y-%m-%d %H:%M:%S %Z}"
    yield "last seen", f"{found.last_seen:%Y-%m-%d %H:%M:%S %Z}"
    yield "example", json.dumps(found.example)
    if found.resolved_at is not None:
        yield "resolved", f"{found.resolved_at:%Y-%m-%d %H:%M:%S %Z}: {found.resolved_because}"
