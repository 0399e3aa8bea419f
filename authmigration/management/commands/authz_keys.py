"""``authz_keys``: the keys that sign and verify tokens, how far a change has come, a new one."""

from __future__ import annotations

import secrets
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError

from auth_lib import Key

from ...tokens import rotation, signing
from ..command import AuthzCommand

STEPS = (
    "To change keys: 1. add the new one at the end of KEYS and deploy; 2. when every service has "
    "fetched it, move it to the front and deploy; 3. when the last token of the old one has "
    "ended, take the old one out and deploy. `authz_keys status` says when each is safe."
)
NEXT = {
    rotation.PREPARED: "move it to the front of KEYS and deploy",
    rotation.SIGNING: "add the next key at the end of KEYS and deploy",
    rotation.RETIRING: "take it out of KEYS and deploy",
    rotation.RETIRED: "none",
}


class Command(AuthzCommand):
    """Show the keys and how far their change has come, or write a new one."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        actions = ("list", "status", "new")
        parser.add_argument("action", nargs="?", choices=actions, default="list")
        parser.add_argument("--algorithm", choices=("Ed25519", "ES256", "HS256"), default="Ed25519")
        parser.add_argument(
            "--check",
            action="store_true",
            help="with status: exit with 1 unless it is safe to proceed",
        )

    def handle(self, **options: Any) -> None:
        """List, tell how far the keys are, or write a key to the output and nowhere else."""
        if options["check"] and options["action"] != "status":
            raise CommandError("--check belongs to status: authz_keys status --check.")
        if options["action"] == "new":
            self.say(_new(options["algorithm"]))
        elif options["action"] == "status":
            self._status(check=options["check"])
        else:
            self._list()

    def _list(self) -> None:
        for place, key in enumerate(signing.keys()):
            use = "signs and verifies" if place == 0 else "verifies"
            self.say(f"{place + 1}. {key.algorithm:<8} {key.key_id or 'without a kid':<44} {use}")
        self.say("", STEPS)

    def _status(self, *, check: bool) -> None:
        found = rotation.statuses()
        for each in found:
            self.say(*_lines(each), "")
        if check and not all(each.safe for each in found):
            raise CommandError("Wait: it is not safe to proceed yet; see above.", returncode=1)


def _lines(key: rotation.KeyStatus) -> list[str]:
    return [
        f"{key.state}: {key.algorithm} {key.key_id or 'without a kid'}",
        f"    first published  {_moment(key.first_published_at)}, fetched {key.fetches} times",
        f"    last issued      {_moment(key.last_issued_at)}",
        f"    next step        {NEXT[key.state]}",
        f"    safe to proceed  {'yes' if key.safe else f'no: {key.wait_for}'}",
    ]


def _moment(moment: datetime | None) -> str:
    return "never" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _new(algorithm: str) -> str:
    if algorithm == "HS256":
        return secrets.token_urlsafe(48)
    return Key.generate(algorithm).private_pem()
