"""What the filling steps share: the intake, one source of chance, and what has been made so far."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db.models import Model

from monolith.accounts.models import User
from monolith.courses.models import Course, Enrolment
from monolith.data.intake import Intake
from monolith.schools.models import School

M = TypeVar("M", bound=Model)
T = TypeVar("T")

Progress = Callable[[str, int, int], None]
"""Called with the name of a table, the rows written to it so far in one step, and their total.

Steps of a few rows are not worth a call.
"""

_FULL_SIZE = 32_593
_CHUNK = 2_000
_WORTH_A_BAR = 500


@dataclass
class World:
    """The platform while it is being filled; the steps run in one order and append to the lists."""

    intake: Intake
    rng: random.Random
    progress: Progress
    students: list[User] = field(default_factory=list)
    teachers: list[User] = field(default_factory=list)
    owners_without_flag: list[User] = field(default_factory=list)
    schools: list[School] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)
    registrations: list[Enrolment] = field(default_factory=list)
    written: dict[str, int] = field(default_factory=dict)

    def insert(self, rows: Sequence[M]) -> list[M]:
        """Write `rows`, all of one model, without calling save(); return them with their ids."""
        inserted: list[M] = []
        for start in range(0, len(rows), _CHUNK):
            manager = type(rows[0])._base_manager
            inserted += manager.bulk_create(rows[start : start + _CHUNK])
            if len(rows) > _WORTH_A_BAR:
                self.progress(_name(rows[0]), len(inserted), len(rows))
        if rows:
            self.written[_name(rows[0])] = self.written.get(_name(rows[0]), 0) + len(rows)
        return inserted

    def pick(self, population: Sequence[T], count: int) -> list[T]:
        """Return `count` different members of `population`, or all of them if there are fewer."""
        return self.rng.sample(population, min(count, len(population)))

    def scaled(self, figure: int) -> int:
        """Return how many of `figure` things at full size belong on this platform, at least one."""
        return max(1, figure * len(self.intake.registrations) // _FULL_SIZE)


def _name(row: Model) -> str:
    return str(row._meta.verbose_name_plural)
