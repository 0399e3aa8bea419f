"""Set the single values of a flag: percentage, everyone, options."""

from __future__ import annotations

from collections.abc import Mapping

from . import conf
from .cohort_forms import percentage
from .cohort_rows import cohort_of
from .content import Effect
from .declarations import Flag, check_flag_name, find_circle, flag_named, name_of
from .errors import PrerequisiteCircle
from .flag_rows import changing, clear_percentage, update_waffle
from .history import Actor
from .models import FlagOptions, Rule


def set_percentage(
    flag: Flag | str, basis_points: int, *, actor: Actor, reason: str, channel: str = "code"
) -> None:
    """Give a flag this percentage of units, in place of whatever percentage it has.

    Waffle's percent is emptied too: there is one percentage a flag.

    Args:
        flag: as declared, or its name.
        basis_points: 0 to 10_000; 2_500 is 25 %.
        actor: who changes it.
        reason: why.
        channel: by which way.

    Raises:
        InvalidCohort: not between 0 and 10_000.
        MissingActor: nobody is named.
        MissingReason: the reason is blank.
        StoreUnreachable: the database cannot be written; nothing was changed.

    """
    cohort, name = percentage(basis_points), name_of(flag)
    with changing(name, "set_percentage", (actor, reason, channel)):
        clear_percentage(name)
        if basis_points:
            rules = Rule.objects.using(conf.get().database)
            rules.create(flag=name, cohort=cohort_of(cohort.name), effect=Effect.ADMIT)


def set_everyone(
    flag: Flag | str,
    everyone: bool | None,  # noqa: FBT001 -- waffle's column, whose three values need no name
    *,
    actor: Actor,
    reason: str,
    channel: str = "code",
) -> None:
    """Set waffle's column of that name: True is on for all, False kills, None is neither.

    A row that is missing is made, without waffle's default of turning superusers on.

    Raises:
        MissingActor: nobody is named.
        MissingReason: the reason is blank.
        StoreUnreachable: the database cannot be written; nothing was changed.

    """
    name = name_of(flag)
    with changing(name, "set_everyone", (actor, reason, channel)):
        update_waffle(name, everyone=everyone)


def set_options(
    flag: Flag | str,
    *,
    actor: Actor,
    reason: str,
    prerequisite: Flag | str | None = None,
    salt: str = "",
    safe: bool | None = None,
    channel: str = "code",
) -> None:
    """Set what a row adds to the declaration of a flag, all of it.

    Args:
        flag: as declared, or its name.
        actor: who changes it.
        reason: why.
        prerequisite: a further flag that must be on; None: none.
        salt: counts where the declaration names none; another salt draws new lots for everybody.
        safe: the answer while rows of the flag cannot be read; None: as declared.
        channel: by which way.

    Raises:
        PrerequisiteCircle: the flag would wait for itself.
        InvalidFlag: the salt is longer than a flag's name may be, or padded.
        MissingActor: nobody is named.
        MissingReason: the reason is blank.
        StoreUnreachable: the database cannot be written; nothing was changed.

    """
    name, further = name_of(flag), name_of(prerequisite) if prerequisite else ""
    if salt:
        check_flag_name(salt)
    with changing(name, "set_options", (actor, reason, channel)):
        rows = FlagOptions.objects.using(conf.get().database)
        rows.filter(flag=name).update(prerequisite=further, salt=salt, safe=safe)
        by_row = dict(rows.exclude(prerequisite="").values_list("flag", "prerequisite"))
        circle = find_circle(name, lambda each: _waits_for(each, by_row))
        if circle:
            raise PrerequisiteCircle(circle)


def _waits_for(name: str, by_row: Mapping[str, str]) -> list[str]:
    declared = flag_named(name).prerequisite
    return [*([declared.name] if declared else []), *([by_row[name]] if name in by_row else [])]
