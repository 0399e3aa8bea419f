"""Whom and which context the caller of a change means."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from auth_lib import PLATFORM, Context, InvalidContext, Role, UnknownRole

from .. import conf, registry
from ..errors import UnknownSubject
from ..subjects import Subject, by_id, subject_of


def context_for(role: Role, context: Any, *, must_exist: bool) -> Context:
    """Return the context that a caller means, checked against the role's type.

    Raises:
        UnknownRole: the role is not declared in any authz.py.
        InvalidContext: it is of another type than the role, or does not exist.

    """
    declared = registry.get()
    if role.key not in declared.policy.by_key:
        raise UnknownRole(str(role.key), map(str, declared.policy.by_key))
    found = declared.lineages.canonical(_context(role, context))
    if found.type != role.on:
        raise InvalidContext(f"Role {role.name!r} is held on {role.on!r}, not on {found}.")
    if must_exist and found != PLATFORM:
        _require_existing(found)
    return found


def _context(role: Role, context: Any) -> Context:
    if context is None:
        if role.on != PLATFORM.type:
            raise InvalidContext(f"Role {role.name!r} is held in a {role.on}; say in which.")
        return PLATFORM
    if isinstance(context, Context):
        return context
    if isinstance(context, Model):
        return registry.get().lineages.context_of(context)
    if isinstance(context, str) and context.startswith(f"{role.on}:"):
        return Context.parse(context)
    return Context.of(role.on, context)


def _require_existing(context: Context) -> None:
    lineages = registry.get().lineages
    model = lineages.by_name[context.type].model
    rows = model._base_manager.using(conf.get().database).filter(pk=lineages.key_of(context))
    if not rows.exists():
        raise InvalidContext(f"{context} does not exist; pass must_exist=False to assign before.")


def subject_for(who: Any) -> Subject:
    """Return the subject that a caller means.

    Raises:
        UnknownSubject: somebody anonymous, or no user of that id.

    """
    subject = by_id(who) if isinstance(who, str) else subject_of(who)
    if subject.id is None:
        raise UnknownSubject("Somebody anonymous holds no roles; pass a saved user or its id.")
    return subject
