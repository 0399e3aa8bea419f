"""Change whom a flag is on for. Each call is one transaction with one event of the history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from . import conf
from .cohort_rows import cohort_of
from .cohorts import Kind
from .content import Effect
from .declarations import Flag, name_of
from .errors import InvalidCohort, NoSuchRule
from .flag_rows import By, changing, clear_percentage, rules_of
from .history import Actor
from .models import Cohort, Rule

Target = Cohort | str


def admit(
    flag: Flag | str,
    cohort: Target,
    *,
    actor: Actor,
    reason: str,
    until: datetime | None = None,
    channel: str = "code",
) -> Rule:
    """Turn a flag on for a cohort. A cohort of named subjects makes testers of them.

    A percentage replaces the flag's percentage, as ``set_percentage`` does.

    Args:
        flag: as declared, or its name.
        cohort: a row, or its text: ``everyone``, ``25%``, ``unit:school:7``, ``group:registrars``,
            ``subject:123``, or the name of a cohort.
        actor: who admits.
        reason: why.
        until: when it ends by itself; None: it stands.
        channel: by which way.

    Raises:
        InvalidCohort: the text cannot be read, or ``until`` is no coming moment.
        UnknownCohort: no cohort of that name.
        MissingActor: nobody is named.
        MissingReason: the reason is blank.
        StoreUnreachable: the database cannot be written; nothing was changed.

    """
    return _add(Effect.ADMIT, flag, cohort, (actor, reason, channel), until)


def deny(
    flag: Flag | str,
    cohort: Target,
    *,
    actor: Actor,
    reason: str,
    until: datetime | None = None,
    channel: str = "code",
) -> Rule:
    """Turn a flag off for a cohort, named testers included. Arguments and errors as ``admit``."""
    return _add(Effect.DENY, flag, cohort, (actor, reason, channel), until)


def hold(
    flag: Flag | str,
    cohort: Target,
    *,
    actor: Actor,
    reason: str,
    until: datetime | None = None,
    channel: str = "code",
) -> Rule:
    """Keep cohorts and percentages from admitting a cohort; named testers stay on.

    Arguments and errors as ``admit``.
    """
    return _add(Effect.HOLD, flag, cohort, (actor, reason, channel), until)


def remove(
    flag: Flag | str, cohort: Target, *, actor: Actor, reason: str, channel: str = "code"
) -> None:
    """Take back what ``admit`` did. Arguments as there.

    Raises:
        NoSuchRule: the cohort is not admitted; the message lists the rules there are.

    """
    _take_away((Effect.ADMIT,), "remove", flag, cohort, (actor, reason, channel))


def release(
    flag: Flag | str, cohort: Target, *, actor: Actor, reason: str, channel: str = "code"
) -> None:
    """Take back what ``hold`` and ``deny`` did. Arguments as ``admit``.

    Raises:
        NoSuchRule: the cohort is neither held nor denied; the message lists the rules there are.

    """
    _take_away((Effect.HOLD, Effect.DENY), "release", flag, cohort, (actor, reason, channel))


def _add(
    effect: Effect,
    flag: Flag | str,
    cohort: Target,
    by: By,
    until: datetime | None,
) -> Rule:
    name = name_of(flag)
    if until is not None and (timezone.is_naive(until) or until <= timezone.now()):
        raise InvalidCohort(f"until={until!r} is no coming moment with a time zone.")
    with changing(name, effect.value, by):
        row = cohort_of(cohort) if isinstance(cohort, str) else cohort
        if effect is Effect.ADMIT and row.kind == Kind.PERCENTAGE:
            clear_percentage(name)
        rule, _ = _rules().update_or_create(
            flag=name, cohort=row, effect=effect.value, defaults={"until": until}
        )
        return rule


def _take_away(
    effects: Sequence[Effect],
    action: str,
    flag: Flag | str,
    cohort: Target,
    by: By,
) -> None:
    name = name_of(flag)
    with changing(name, action, by):
        row = cohort_of(cohort) if isinstance(cohort, str) else cohort
        deleted, _ = _rules().filter(flag=name, cohort=row, effect__in=effects).delete()
        if not deleted:
            wanted = f"{' or '.join(effects)} {row.name}"
            present = [f"{rule.effect} {rule.cohort.name}" for rule in rules_of(name)]
            raise NoSuchRule(name, wanted, present)


def _rules() -> QuerySet[Rule]:
    return Rule.objects.using(conf.get().database)
