"""``authz_tokens``: issue tokens to a rollout cohort, or stop issuing them."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from ...rollout import cohorts
from ...rollout.token_cohorts import turn_tokens
from ...trail import authorship
from ..command import AuthoredCommand, add_authorship


class Command(AuthoredCommand):
    """Issue tokens to a rollout cohort, or stop issuing them."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        forms = cohorts.FORMS.replace("%", "%%")
        parser.add_argument("cohort", help=f"{forms}, or the name of a cohort")
        parser.add_argument("switch", choices=("on", "off"))
        add_authorship(parser)

    def handle(self, **options: Any) -> None:
        """Turn, and say what follows from it."""
        by = self.by(options)
        on = options["switch"] == "on"
        author = authorship(by["actor"], by["reason"])
        if not turn_tokens(options["cohort"], on=on, author=author):
            self.say(f"Nothing was changed: tokens are {options['switch']} there.")
        elif on:
            self.say("Tokens are issued from the next sign-in, session exchange or refresh on.")
        else:
            self.say(
                "No token is issued any more; those that are about end within minutes. Devices "
                "stay signed in, and go on when tokens are on again."
            )
