"""Changes that waffle's own admin and code make enter the history too.

Who made them is not known here; waffle's admin keeps that in Django's LogEntry.
"""

from __future__ import annotations

import logging
from typing import Any

from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from waffle import get_waffle_flag_model

from . import conf
from .history import Who, write_event

logger = logging.getLogger(__name__)

BY = Who("unknown", "", "waffle", "changed through waffle")
COUNTED = ("everyone", "percent", "staff", "superusers", "authenticated")
MEMBERS = {"post_add": "add", "post_remove": "remove", "post_clear": "clear"}
BEFORE = "_feature_flags_before"


def follow_waffle() -> None:
    """Listen to waffle's flag model, whichever the host has chosen."""
    if not apps.is_installed("waffle"):
        return
    model: Any = get_waffle_flag_model()
    uid = "feature_flags.waffle_history"
    pre_save.connect(remember, sender=model, dispatch_uid=uid)
    post_save.connect(record_saved, sender=model, dispatch_uid=uid)
    post_delete.connect(record_deleted, sender=model, dispatch_uid=uid)
    for relation in (model.users, model.groups):
        m2m_changed.connect(record_members, sender=relation.through, dispatch_uid=uid)


def remember(sender: type[models.Model], instance: Any, using: str, **_: Any) -> None:
    """Keep what the row was, until it is known what it became."""
    row = sender._base_manager.using(using).filter(pk=instance.pk).first() if instance.pk else None
    setattr(instance, BEFORE, _counted(row) if row else {})


def record_saved(instance: Any, using: str, **_: Any) -> None:
    """Record a row that was made or changed in what counts."""
    before, after = getattr(instance, BEFORE, {}), _counted(instance)
    if before != after:
        _record("waffle_save", instance, using, before, after)


def record_deleted(instance: Any, using: str, **_: Any) -> None:
    """Record a row that went."""
    _record("waffle_delete", instance, using, _counted(instance), {})


def record_members(
    sender: type[models.Model],
    instance: Any,
    action: str,
    *,
    reverse: bool,
    pk_set: set[Any] | None,
    using: str,
    **_: Any,
) -> None:
    """Record testers and groups that came or went."""
    if action not in MEMBERS or (pk_set is not None and not pk_set):
        return
    model: Any = get_waffle_flag_model()
    what = "users" if sender is model.users.through else "groups"
    ids = sorted(map(str, pk_set or ()))
    flags, members = (ids, [str(instance.pk)]) if reverse else ([str(instance.pk)], ids)
    for flag in model._base_manager.using(using).filter(pk__in=flags):
        verb = MEMBERS[action]
        _record(f"waffle_{verb}_{what}", flag, using, {}, {what: members or "all"})


def _record(
    action: str, flag: Any, using: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    if using != conf.get().database:
        return
    try:
        with transaction.atomic(using=using):
            write_event(BY, action, ("flag", flag.name), before, after)
    except DatabaseError:
        # History must never stand in the way of a hand on waffle's brake.
        logger.exception("A change of waffle's flag %s could not be recorded.", flag.name)


def _counted(row: Any) -> dict[str, Any]:
    values = {column: getattr(row, column) for column in COUNTED}
    percent = values["percent"]
    return {"name": row.name, **values, "percent": None if percent is None else float(percent)}
