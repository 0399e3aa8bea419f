"""The rows of rollout cohorts: found by their text, made, changed and deleted."""

from __future__ import annotations

from django.db.models import F, QuerySet

from . import conf
from .cohort_forms import check_cohort_name, parse_cohort, read_cohort
from .cohorts import CohortValue
from .errors import CohortExists, CohortInUse, UnknownCohort
from .history import Actor, State, Target, recorded, who
from .models import Cohort, Rule


def cohort_of(text: str) -> Cohort:
    """Return the cohort that a text means; the forms that need no row get one.

    Args:
        text: ``everyone``, ``25%``, ``unit:school:7``, ``group:registrars``, ``subject:123``, or
            the name of a cohort.

    Raises:
        InvalidCohort: the text cannot be read.
        UnknownCohort: no cohort of that name; the error lists those that exist.

    """
    value = parse_cohort(text)
    if value is not None:
        return _row_of(value)
    found = _cohorts().filter(name=text).first()
    if found is None:
        raise UnknownCohort(text, _cohorts().values_list("name", flat=True))
    return found


def create_cohort(
    name: str,
    kind: str,
    parameters: dict[str, object] | None = None,
    *,
    actor: Actor,
    reason: str,
    channel: str = "code",
) -> Cohort:
    """Make a cohort that rules can name.

    Args:
        name: letters, digits, - and _.
        kind: everyone, unit, group, subjects, attribute or percentage.
        parameters: see ``read_cohort``; ``{"units": ["school:7"]}`` for a unit cohort.
        actor: who makes it.
        reason: why.
        channel: by which way.

    Raises:
        InvalidCohort: the name is reserved, the kind unknown, or the parameters are of no use.
        CohortExists: there is one of that name.
        MissingActor: nobody is named.
        MissingReason: the reason is blank.
        StoreUnreachable: the database cannot be written; nothing was changed.

    """
    value = read_cohort(check_cohort_name(name), kind, parameters or {})
    with recorded(who(actor, reason, channel), "create", _target(name)):
        if _cohorts().filter(name=name).exists():
            raise CohortExists(
                f"There is a cohort {name!r} already: change it, or take a new name."
            )
        return _row_of(value)


def change_cohort(
    name: str, parameters: dict[str, object], *, actor: Actor, reason: str, channel: str = "code"
) -> Cohort:
    """Change who is in a named cohort; its kind stays. Arguments as ``create_cohort``.

    Raises:
        InvalidCohort: the parameters are of no use, or the cohort is one that its name defines.
        UnknownCohort: no cohort of that name.
        MissingActor: nobody is named.
        MissingReason: the reason is blank.
        StoreUnreachable: the database cannot be written; nothing was changed.

    """
    check_cohort_name(name)
    with recorded(who(actor, reason, channel), "change", _target(name)):
        row = cohort_of(name)
        row.parameters = read_cohort(name, row.kind, parameters).parameters()
        row.save(using=conf.get().database)
        return row


def delete_cohort(name: str, *, actor: Actor, reason: str, channel: str = "code") -> None:
    """Delete a cohort that no rule names.

    Raises:
        UnknownCohort: no cohort of that name.
        CohortInUse: rules name it; the error lists their flags.
        MissingActor: nobody is named.
        MissingReason: the reason is blank.
        StoreUnreachable: the database cannot be written; nothing was changed.

    """
    with recorded(who(actor, reason, channel), "delete", _target(name)):
        rows = _cohorts().filter(name=name)
        if not rows.exists():
            raise UnknownCohort(name, _cohorts().values_list("name", flat=True))
        rules = Rule.objects.using(conf.get().database).filter(cohort__name=name)
        flags = set(rules.values_list("flag", flat=True))
        if flags:
            raise CohortInUse(name, flags)
        rows.delete()


def _row_of(value: CohortValue) -> Cohort:
    row, _ = _cohorts().get_or_create(
        name=value.name, defaults={"kind": value.kind.value, "parameters": value.parameters()}
    )
    return row


def _target(name: str) -> Target:
    rows = _cohorts().filter(name=name)
    return Target("cohort", name, lambda: rows.update(name=F("name")), lambda: _state(name))


def _state(name: str) -> State:
    row = _cohorts().filter(name=name).first()
    return {"kind": row.kind, "parameters": row.parameters} if row else {}


def _cohorts() -> QuerySet[Cohort]:
    return Cohort.objects.using(conf.get().database)
