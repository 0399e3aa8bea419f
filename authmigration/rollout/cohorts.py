"""How an administrator names a rollout cohort, and what the flags call it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet

from auth_lib import Context, InvalidContext
from feature_flags import UnknownCohort, callers_snapshot

from .. import conf, registry
from ..errors import UnknownSubject
from ..subjects import key_of

FORMS = "everyone, 25%, <context type>:<id>, group:<name>, user:<id>"


def parsed(text: str) -> str:
    """Return a cohort in the words of the flags, once it is known to exist.

    Args:
        text: ``everyone``, ``25%``, ``school:7``, ``group:registrars``, ``user:123``, or the name
            of a cohort made in the admin.

    Raises:
        UnknownCohort: no cohort of that name, or no such unit, group or user.
        InvalidCohort: the text cannot be read.

    """
    kind, _, rest = text.partition(":")
    if kind == "unit":
        kind, _, rest = rest.partition(":")
    if rest and kind in registry.get().lineages.by_name:
        return _unit(registry.get().lineages.canonical(Context(kind, rest)))
    if kind in {"user", "subject"} and rest:
        return _user(rest)
    if kind == "group" and rest and not _rows(Group).filter(name=rest).exists():
        raise _unknown(text, f"no group is called {rest!r}")
    callers_snapshot().cohort(text)
    return text


def _unit(context: Context) -> str:
    lineages = registry.get().lineages
    model = lineages.by_name[context.type].model
    try:
        exists = _rows(model).filter(pk=lineages.key_of(context)).exists()
    except InvalidContext:
        exists = False
    if not exists:
        raise _unknown(str(context), f"{model._meta.label} has no row with that id")
    return f"unit:{context}"


def _user(subject: str) -> str:
    try:
        key = key_of(subject)
        exists = _rows(get_user_model()).filter(pk=key).exists()
    except UnknownSubject:
        exists = False
    if not exists:
        raise _unknown(f"user:{subject}", "no user has that id")
    return f"subject:{key}"


def _rows(model: type[Model]) -> QuerySet[Any]:
    return model._base_manager.using(conf.get().database)


def _unknown(text: str, why: str) -> UnknownCohort:
    error = UnknownCohort(text, callers_snapshot().cohorts)
    error.args = (f"{text!r} is no rollout cohort: {why}. Write {FORMS}, or a cohort's name.",)
    return error
