"""``authz_status``: how far the migration has come."""

from __future__ import annotations

import json
import os
import time
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError

from ...progress import Status, sentence, status
from ..command import AuthzCommand
from ..status_text import lines_of

HOME, TO_LINE_END, TO_SCREEN_END = "\x1b[H", "\x1b[K", "\x1b[J"


class Command(AuthzCommand):
    """Show kill switch, stages, capture, users by state, comparisons and units."""

    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--json", action="store_true", help="one JSON document, stable keys")
        parser.add_argument(
            "--watch",
            nargs="?",
            type=float,
            const=2.0,
            metavar="SECONDS",
            help="again every so many seconds, 2 unless told; in place on a terminal",
        )
        parser.add_argument(
            "--no-units",
            action="store_true",
            help="leave cohorts and units out, which cost calls of MEMBERS_OF",
        )

    def handle(self, **options: Any) -> None:
        """Show it once, or until Ctrl-C."""
        interval = options["watch"]
        if interval is None:
            self._show(self._status(options), options)
            return
        if not interval > 0:
            raise CommandError(f"--watch {interval:g}: write a number of seconds above 0.")
        try:
            self._watch(interval, options)
        except KeyboardInterrupt:
            self.stdout.write("")

    def _status(self, options: dict[str, Any]) -> Status:
        return status(with_units=not options["no_units"])

    def _show(self, found: Status, options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(found.as_json(), indent=2))
        else:
            self.say(*lines_of(found))

    def _watch(self, interval: float, options: dict[str, Any]) -> None:
        in_place = self.stdout.isatty() and os.environ.get("TERM") != "dumb"
        while True:
            found = self._status(options)
            if options["json"]:
                self.stdout.write(json.dumps(found.as_json()))
            elif in_place:
                self._redraw(found)
            else:
                now = datetime.now().astimezone()
                self.stdout.write(f"{now:%H:%M:%S} {sentence(found)}")
            self.stdout.flush()
            time.sleep(interval)

    def _redraw(self, found: Status) -> None:
        text = "".join(f"{line}{TO_LINE_END}\n" for line in lines_of(found))
        self.stdout.write(f"{HOME}{text}{TO_SCREEN_END}", ending="")
