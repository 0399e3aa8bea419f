"""``authz_keys``: show the keys that sign and verify tokens, or write a new one."""

from __future__ import annotations

import secrets
from argparse import ArgumentParser
from typing import Any

from auth_lib import Key

from ...tokens import signing
from ..command import AuthzCommand

STEPS = (
    "To change keys: 1. add the new one at the end of KEYS and deploy; 2. when every service has "
    "fetched it, move it to the front and deploy; 3. when the last token of the old one has "
    "ended, take the old one out and deploy."
)


class Command(AuthzCommand):
    """Show the keys that sign and verify tokens, or write a new one."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("action", nargs="?", choices=("list", "new"), default="list")
        parser.add_argument("--algorithm", choices=("Ed25519", "ES256", "HS256"), default="Ed25519")

    def handle(self, **options: Any) -> None:
        """List, or write a key to the output and nowhere else."""
        if options["action"] == "new":
            self.say(_new(options["algorithm"]))
            return
        for place, key in enumerate(signing.keys()):
            use = "signs and verifies" if place == 0 else "verifies"
            self.say(f"{place + 1}. {key.algorithm:<8} {key.key_id or 'without a kid':<44} {use}")
        self.say("", STEPS)


def _new(algorithm: str) -> str:
    if algorithm == "HS256":
        return secrets.token_urlsafe(48)
    return Key.generate(algorithm).private_pem()
