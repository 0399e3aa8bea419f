"""Progress unit by unit, as far as the host names its units and their members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .. import conf
from ..rollout import units
from ..rollout.telling import stage_of_unit
from .counting import Counts, of_units

PAGE = 25
"""How many units one page shows: each costs a call of the host's ``MEMBERS_OF``."""


class UnitProgress(NamedTuple):
    """One unit.

    Attributes:
        unit: as the host names it: ``school:7``.
        stage: of the unit as a whole.
        counts: its members by state; somebody in two units is counted in both.

    """

    unit: str
    stage: str
    counts: Counts


class UnitPage(NamedTuple):
    """Some of the units.

    Attributes:
        rows: the units of the page.
        number: of the page, 1 being the first.
        pages: how many there are.
        total: how many units there are in all.

    """

    rows: tuple[UnitProgress, ...]
    number: int
    pages: int
    total: int


def are_known() -> bool:
    """Whether the host has told which units there are, and who is in them."""
    settings = conf.get()
    return settings.units is not None and settings.members_of is not None


def unit_progress() -> tuple[UnitProgress, ...]:
    """Return the progress of every unit."""
    return _progress(units.every()) if are_known() else ()


def page_of_units(number: int) -> UnitPage:
    """Return the progress of one page of units; the nearest page where there is none of it."""
    every = units.every() if are_known() else ()
    pages = max(1, -(-len(every) // PAGE))
    number = min(max(1, number), pages)
    shown = every[(number - 1) * PAGE : number * PAGE]
    return UnitPage(_progress(shown), number, pages, len(every))


def _progress(names: Sequence[str]) -> tuple[UnitProgress, ...]:
    members = {unit: units.members_of(unit) or () for unit in names}
    counts = of_units(members)
    return tuple(UnitProgress(unit, stage_of_unit(unit).value, counts[unit]) for unit in names)
