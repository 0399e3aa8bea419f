"""Progress by rollout cohort, as far as its members can be counted without asking one by one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.contrib.auth import get_user_model

from .. import conf
from ..rollout import units
from ..rollout.telling import CohortAt, cohorts_at_stages
from .counting import Counts, everybody, of_units
from .units import are_known

MOST_COUNTED = 25
"""How many cohorts are counted: a unit costs a call of the host, a group a query."""


class CohortProgress(NamedTuple):
    """One rollout cohort.

    Attributes:
        cohort: as an administrator writes it: ``school:7``, ``25%``.
        stage: the highest stage that a rule gives it.
        counts: its members by state; None where they cannot be counted in few statements.
        note: how large it is, where there are no counts.

    """

    cohort: str
    stage: str
    counts: Counts | None
    note: str = ""


def cohort_progress(total: Counts | None = None) -> tuple[CohortProgress, ...]:
    """Return the progress of every cohort that a rule admits.

    Args:
        total: the counts of everybody, where they are known already.

    """
    cohorts = cohorts_at_stages()
    members = {
        each.cohort: found
        for each in cohorts[:MOST_COUNTED]
        if (found := _members(each)) is not None
    }
    counts: dict[str, Counts | None] = dict(of_units(members))
    for each in cohorts:
        if each.is_everyone:
            counts[each.cohort] = total or everybody()
    return tuple(
        CohortProgress(each.cohort, each.stage.value, counts.get(each.cohort), _note(each, counts))
        for each in cohorts
    )


def _members(cohort: CohortAt) -> set[str] | None:
    if cohort.subjects:
        return set(cohort.subjects)
    if cohort.groups and hasattr(get_user_model(), "groups"):
        return _of_groups(cohort.groups)
    if cohort.units and are_known() and len(cohort.units) <= MOST_COUNTED:
        return {str(s) for unit in cohort.units for s in units.members_of(unit) or ()}
    return None


def _of_groups(names: Iterable[str]) -> set[str]:
    rows = get_user_model()._base_manager.using(conf.get().database)
    keys = rows.filter(groups__name__in=sorted(names)).values_list("pk", flat=True)
    return {str(key) for key in keys}


def _note(cohort: CohortAt, counts: dict[str, Counts | None]) -> str:
    if counts.get(cohort.cohort) is not None:
        return ""
    if cohort.is_share and are_known():
        every = units.every()
        inside = sum(map(cohort.has_unit, every))
        return f"{inside:,} of {len(every):,} units"
    return "not counted"
