"""``authz_migrate_user``: bring single users up to date now."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from ... import conf, registry
from ...assignments import Outcome
from ...lazy_migration.retrying import Attempt, retry
from ...selectors import load
from ..command import AuthzCommand
from ..people import Found, actor_of, find

_DONE = {
    Outcome.MIGRATED: "migrated",
    Outcome.CHANGED: "brought up to date",
    Outcome.UNCHANGED: "up to date already",
    Outcome.RETIRED: "retired: legacy is no longer read",
}
_NOT_DONE = {
    Outcome.BUSY: "held by somebody else",
    Outcome.FAILED: "failed",
    Outcome.QUARANTINED: "quarantined",
    Outcome.NEWER_MAPPING: "migrated by a process with newer declarations, and left alone",
}


class Command(AuthzCommand):
    """Migrate users, or bring those who are stale up to date."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("users", nargs="+", metavar="USER", help="primary key or username")
        parser.add_argument(
            "--retry", action="store_true", help="try quarantined users as well; success frees them"
        )
        parser.add_argument("--actor", metavar="USER", help="who does it")

    def handle(self, **options: Any) -> None:
        """Migrate one after the other, each in a transaction of its own."""
        reason = f"authz_migrate_user by {_name(actor_of(options['actor']))}"
        people = [find(each) for each in options["users"]]
        attempts = [self._tried(each, reason, again=options["retry"]) for each in people]
        failed = sum(attempt.outcome in _NOT_DONE for attempt in attempts)
        if failed:
            raise CommandError(f"{failed} of {len(people)} could not be brought up to date.")

    def _tried(self, found: Found, reason: str, *, again: bool) -> Attempt:
        waiting = None if again else _quarantined(found.id)
        attempt = waiting or retry(found.id, using=conf.get().database, reason=reason)
        words = {**_DONE, **_NOT_DONE}[attempt.outcome]
        why = f": {attempt.reason}" if attempt.reason else ""
        hint = " (--retry tries again)" if waiting else ""
        self.say(f"{found}: {words}{why}{hint}")
        return attempt


def _quarantined(subject: str) -> Attempt | None:
    state = load([subject], using=conf.get().database)[subject].state
    if state is None or state.status != "quarantined":
        return None
    if state.mapping_hash != registry.get().mapping_hash:
        return None  # other declarations have come since, and may have mended it
    return Attempt(Outcome.QUARANTINED, state.reason)


def _name(actor: Any) -> str:
    return actor if isinstance(actor, str) else f"user:{actor.pk}"
