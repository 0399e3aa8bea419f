"""The rows of one flag: changed under a lock, with the history of before and after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from waffle import get_waffle_flag_model

from . import conf
from .cohorts import Kind
from .content import Effect
from .history import Actor, State, Target, recorded, who
from .models import FlagOptions, Rule

#: Actor, reason and channel of a change.
By = tuple[Actor, str, str]


@contextmanager
def changing(flag: str, action: str, by: By) -> Iterator[None]:
    """Run a change of one flag's rows, alone and with its event.

    Args:
        flag: its name.
        action: what is done.
        by: actor, reason and channel.

    """
    target = Target("flag", flag, lambda: lock(flag), lambda: state_of(flag))
    with recorded(who(*by), action, target):
        yield


def clear_percentage(flag: str) -> None:
    """Take away whatever percentage a flag has, in our rules and in waffle's row."""
    rules = Rule.objects.using(_database()).filter(flag=flag, effect=Effect.ADMIT)
    rules.filter(cohort__kind=Kind.PERCENTAGE).delete()
    if _waffle_rows().filter(name=flag, percent__isnull=False).exists():
        update_waffle(flag, percent=None)


def update_waffle(flag: str, **columns: Any) -> None:
    """Change waffle's row; one that is missing is made, without superusers as testers.

    Not by ``save()``: that empties waffle's cache in a way that turns a cache that is down into an
    error after the commit, as if nothing had been changed.
    """
    row = _waffle_rows().filter(name=flag).first()
    if row is None:
        row = _waffle_rows().model(name=flag, superusers=False, **columns)
        _waffle_rows().bulk_create([row])
    else:
        _waffle_rows().filter(name=flag).update(**columns, modified=timezone.now())
    transaction.on_commit(row.flush, using=_database(), robust=True)


def state_of(flag: str) -> State:
    """Return all that decides about a flag, as JSON can hold it.

    Args:
        flag: its name.

    """
    return {
        "rules": [_words(rule) for rule in rules_of(flag)],
        "waffle": _waffle(flag),
        "options": _options(flag),
    }


def rules_of(flag: str) -> list[Rule]:
    """Return our rules of a flag."""
    return list(Rule.objects.using(_database()).filter(flag=flag).select_related("cohort"))


def lock(flag: str) -> None:
    """Let one change of this flag at a time go on, until the transaction ends.

    Args:
        flag: its name.

    """
    options = FlagOptions.objects.using(_database())
    if not options.filter(flag=flag).update(flag=F("flag")):
        options.get_or_create(flag=flag)
        options.filter(flag=flag).update(flag=F("flag"))


def _words(rule: Rule) -> str:
    until = f" until {rule.until.isoformat()}" if rule.until else ""
    return f"{rule.effect} {rule.cohort.name}{until}"


def _waffle(flag: str) -> State | None:
    columns = ("everyone", "percent", "staff", "superusers", "authenticated")
    row = _waffle_rows().filter(name=flag).values(*columns).first()
    if row is None:
        return None
    return {**row, "percent": None if row["percent"] is None else float(row["percent"])}


def _options(flag: str) -> State | None:
    rows = FlagOptions.objects.using(_database()).filter(flag=flag)
    row = rows.values("prerequisite", "salt", "safe").first()
    return dict(row) if row else None


def _waffle_rows() -> Any:
    return get_waffle_flag_model()._base_manager.using(_database())


def _database() -> str:
    return conf.get().database
