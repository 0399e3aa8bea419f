"""Writes an intake, and everything around it, to the database."""

import random

from django.core.management import call_command
from django.db import transaction

from monolith.accounts.models import User
from monolith.courses.models import Course
from monolith.data.fill import STEPS
from monolith.data.intake import Intake
from monolith.data.world import Progress, World
from monolith.schools.models import School

_SEED = 20_141_001


class PlatformNotEmptyError(RuntimeError):
    """There is data already; the message says how much and what to do."""


def seed(
    intake: Intake, *, flush: bool = False, progress: Progress = lambda *_: None
) -> dict[str, int]:
    """Fill the platform in one transaction and return the rows written, by name of the table.

    `flush` empties every table of the database first, in the same transaction; without it a
    platform that holds users, schools or courses raises PlatformNotEmptyError.
    """
    world = World(intake, random.Random(_SEED), progress)  # noqa: S311 - demo data, the same every time
    with transaction.atomic():
        if flush:
            call_command("flush", interactive=False, verbosity=0)
        _refuse_data()
        for step in STEPS:
            step(world)
    return world.written


def _refuse_data() -> None:
    counts = [(model.objects.count(), model._meta) for model in (User, School, Course)]
    if any(count for count, _ in counts):
        held = ", ".join(f"{meta.verbose_name_plural}: {count:,}" for count, meta in counts)
        raise PlatformNotEmptyError(
            f"The platform already holds data ({held}). Add --flush to empty the database first, "
            "or name another one in MONOLITH_DATABASE_URL."
        )
