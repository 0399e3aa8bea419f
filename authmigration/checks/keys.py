"""Looks at the primary keys that become subjects and contexts."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Any

from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage
from django.db.models import AutoField, CharField, Field, Model, TextField, UUIDField

from auth_lib.contexts import ID_MAX_LENGTH

from ..subjects import SUBJECT_MAX_LENGTH
from . import messages
from .declarations import declared_registry


def check_keys(**_: Any) -> list[CheckMessage]:
    """Look whether every key fits where it is stored, and is given once."""
    return [*_user(), *_contexts()]


def _user() -> Iterator[CheckMessage]:
    model = get_user_model()
    key = _own(model)
    if _length(key) > SUBJECT_MAX_LENGTH:
        yield messages.e011(model._meta.label, key.name, SUBJECT_MAX_LENGTH)
    if not isinstance(key, AutoField | UUIDField):
        yield messages.w005(model._meta.label, key.name)


def _contexts() -> Iterator[CheckMessage]:
    declared = declared_registry()
    for kind in declared.kinds if declared is not None else ():
        key = _own(kind.model)
        if _length(key) > ID_MAX_LENGTH:
            yield messages.e011(kind.model._meta.label, key.name, ID_MAX_LENGTH)


def _own(model: type[Model]) -> Field[Any, Any]:
    """Return the field that gives the key; that of the parent where a model borrows it."""
    key = model._meta.pk
    while key.remote_field is not None:
        key = key.remote_field.model._meta.pk
    return key


def _length(key: Field[Any, Any]) -> float:
    """Return how long the text of a key may be; 0 for numbers and UUIDs, which always fit."""
    return (key.max_length or inf) if isinstance(key, CharField | TextField) else 0
