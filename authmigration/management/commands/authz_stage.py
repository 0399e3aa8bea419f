"""``authz_stage``: set the stage of a rollout cohort, after showing who flips."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from django.core.management.base import CommandError

from ... import stages
from ...rollout import Stage, cohorts
from ...rollout.killing import FlagError, kill_state
from ...rollout.previewing import Flips, asks_one_by_one, flips_of_cap, flips_of_stage
from ...rollout.telling import cohorts_at_stages, written
from ..command import AuthoredCommand, add_authorship

NO_WAY_BACK = (
    "Retiring has no way back: legacy is no longer read for these people, and neither a kill nor "
    "another stage reaches them afterwards."
)
SHOWN = 5


class Command(AuthoredCommand):
    """Set the stage of a rollout cohort: off, shadow, enforce or retired."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        forms = cohorts.FORMS.replace("%", "%%")  # argparse fills in what follows a sign
        parser.add_argument("cohort", help=f"{forms}, or the name of a cohort")
        parser.add_argument("stage", help=", ".join(Stage))
        add_authorship(parser, required=False)
        mode = parser.add_mutually_exclusive_group()
        mode.add_argument(
            "--hold",
            action="store_true",
            help="let the cohort rise no further than this stage; retired takes a hold away",
        )
        mode.add_argument("--dry-run", action="store_true", help="show who flips, write nothing")
        parser.add_argument("--yes", action="store_true", help="retire without being asked again")

    def handle(self, **options: Any) -> None:
        """Show who flips, and write unless it is a rehearsal."""
        stage = Stage.named(options["stage"])
        spec = _parsed(options["cohort"])
        by = {} if options["dry_run"] else self.by(options)
        self._preview(spec, stage, hold=options["hold"])
        if options["dry_run"]:
            self.say("Nothing was written.")
            return
        if options["hold"]:
            stages.cap_stage(options["cohort"], stage, **by)
            self.say(_held(written(spec), stage))
            return
        if stage is Stage.RETIRED:
            self._confirm(written(spec), yes=options["yes"])
        change = stages.set_stage(options["cohort"], stage, **by)
        retired = f"; {change.retired:,} retired for good" if stage is Stage.RETIRED else ""
        self.say(f"{written(change.cohort)} is at {change.stage}{retired}.")
        self._tell_of_others(written(change.cohort), stage)

    def _tell_of_others(self, cohort: str, stage: Stage) -> None:
        """Name what other rules keep above: of several cohorts the highest stage wins."""
        above = [
            f"{each.cohort} at {each.stage}"
            for each in cohorts_at_stages()
            if each.stage.rank > stage.rank and each.cohort != cohort
        ]
        if above:
            self.warn(
                f"Above {stage} by rules of their own, and not set back by this: "
                f"{', '.join(above)}."
            )

    def _preview(self, spec: str, stage: Stage, *, hold: bool) -> None:
        if asks_one_by_one():
            self.warn("UNIT_OF is asked for each user; UNITS and MEMBERS_OF would spare that.")
        if kill_state():
            self.warn("The stages are killed: nobody flips before the kill is lifted.")
        flips = (flips_of_cap if hold else flips_of_stage)(spec, stage)
        self.say(*(f"{flag:<8} {_words(found)}" for flag, found in flips.items()))

    def _confirm(self, cohort: str, *, yes: bool) -> None:
        self.say(NO_WAY_BACK)
        if yes:
            return
        if not sys.stdin.isatty():
            raise CommandError("Nothing was written: add --yes to retire without being asked.")
        if input(f"Write the cohort ({cohort}) to go on: ").strip() != cohort:
            raise CommandError("Nothing was written.")


def _parsed(text: str) -> str:
    try:
        return cohorts.parsed(text)
    except FlagError as error:
        known = getattr(error, "known", None)
        if known is None or ":" in text:
            raise
        near = get_close_matches(text, ["everyone", *known], n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise CommandError(
            f"{text!r} is no rollout cohort.{hint} Write {cohorts.FORMS}, or the name of a cohort "
            f"({', '.join(known) or 'none was made yet'})."
        ) from error


def _held(cohort: str, stage: Stage) -> str:
    if stage is Stage.RETIRED:
        return f"{cohort} is no longer held."
    return f"{cohort} rises no further than {stage}."


def _words(flips: Flips) -> str:
    return "; ".join(_parts(flips)) + "."


def _parts(flips: Flips) -> Iterator[str]:
    yield f"on for {_side(flips.units_on, flips.on, flips.alone_on)}"
    yield f"off for {_side(flips.units_off, flips.off, flips.alone_off)}"
    if flips.stays_on:
        yield f"stays on for {_people(flips.stays_on)}"


def _side(units: Iterable[str], people: int, alone: int) -> str:
    if not people and not units:
        return "nobody"
    names = sorted(units, key=lambda unit: (len(unit), unit))
    shown = ", ".join(names[:SHOWN]) + (", ..." if len(names) > SHOWN else "")
    of = f" ({shown})" if names else ""
    in_none = f", {alone:,} of them in no unit" if alone else ""
    return f"{len(names):,} unit{'' if len(names) == 1 else 's'}{of} and {_people(people)}{in_none}"


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"
