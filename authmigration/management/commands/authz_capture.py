"""``authz_capture``: the triggers that see changes of the legacy tables."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from ... import capture
from ..command import AuthzCommand
from ..tables import aligned


class Command(AuthzCommand):
    """Install or remove the triggers of every watched table, or show which are there."""

    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("action", choices=("install", "remove", "status"))
        parser.add_argument(
            "--lock-timeout", type=float, default=2.0, help="seconds to wait for one table"
        )
        parser.add_argument("--attempts", type=int, default=5, help="how often each is tried")

    def handle(self, **options: Any) -> None:
        """Do what is asked."""
        patience = {"lock_timeout": options["lock_timeout"], "attempts": options["attempts"]}
        if options["action"] == "status":
            self._status()
        elif options["action"] == "install":
            self._report(capture.install(**patience))
        else:
            self._report(capture.remove(**patience))

    def _status(self) -> None:
        found = capture.status()
        self.say(*aligned([(t.table, t.state, t.reason) for t in found], indent=""))
        seen = sum(t.state is capture.TableState.INSTALLED for t in found)
        self.say(f"The changes of {seen} of {len(found)} tables are seen.")

    def _report(self, report: capture.InstallReport) -> None:
        done = {
            "installed": report.installed,
            "replaced": report.replaced,
            "unchanged": report.unchanged,
            "removed": report.removed,
            "skipped": report.skipped,
        }
        rows = [(word, ", ".join(tables)) for word, tables in done.items() if tables]
        self.say(*aligned(rows, indent=""))
        if not report.changed:
            self.say("Nothing was to be done.")
