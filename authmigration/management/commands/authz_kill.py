"""``authz_kill``: make every answer legacy's again, or lift that."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError

from ... import progress
from ...rollout import killing
from ...tokens import options as tokens
from ..command import AuthoredCommand, add_authorship


class Command(AuthoredCommand):
    """Turn the kill switch of the stages on or off."""

    help = __doc__
    # The brake works also where a declaration is broken.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("switch", choices=("on", "off"))
        add_authorship(parser)

    def handle(self, **options: Any) -> None:
        """Kill or lift, and say what follows from it."""
        turn = killing.kill if options["switch"] == "on" else killing.lift
        state = turn(**self.by(options), channel="command")
        self.say(f"{state}.")
        seconds = f"{killing.seen_within():g} s"
        if options["switch"] == "on":
            self.say(
                f"Every process sees it within {seconds}; from then on legacy answers, and no "
                "data moves.",
                self._beyond_reach(),
                *_to_services(),
            )
        elif state:
            self.warn(f"Not lifted: it is still killed by {', '.join(state.by)}.")
        else:
            self.say(
                f"Every process sees it within {seconds}, but for those that were started with "
                f"{killing.VARIABLE}: these stay killed until they are restarted without it."
            )

    def _beyond_reach(self) -> str:
        try:
            count = progress.retired()
        except (DatabaseError, InterfaceError) as error:
            return f"How many retired subjects it does not reach could not be read ({error})."
        if not count:
            return "It reaches everybody: nobody is retired."
        subjects = "1 retired subject is" if count == 1 else f"{count:,} retired subjects are"
        return f"{subjects} beyond its reach: their legacy rows are no longer true."


def _to_services() -> list[str]:
    """Say when services hear of it, where nothing tells them."""
    try:
        given = tokens.get()
    except ImproperlyConfigured:
        return []  # the brake works all the same, and `check` says it
    if not given.issuer or given.redis_url is not None:
        return []
    told = f"Services go on with tokens of before for up to {given.seconds} s"
    return [f"{told}: no REDIS_URL is set here to tell them by."]
