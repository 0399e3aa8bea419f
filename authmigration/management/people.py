"""Whom a command line means."""

from __future__ import annotations

import getpass
import os
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError

from .. import conf
from ..errors import UnknownSubject
from ..subjects import SERVICE_PREFIX, key_of

BY_KEY = "pk:"
BY_NAME = "username:"


class Found(NamedTuple):
    """A subject, as a command line named it.

    Attributes:
        id: of the subject.
        user: the row of the host; None for a service.
        how: by what it was found.

    """

    id: str
    user: Any
    how: str

    def __str__(self) -> str:
        if self.user is None:
            return self.id
        return f"user {self.id} ({self.user.get_username()}, found by {self.how})"


def find(text: str) -> Found:
    """Return the subject that a text names.

    Args:
        text: a primary key, a username, either of them behind ``pk:`` or ``username:``, or
            ``service:<name>``.

    Raises:
        CommandError: nobody, or two different people.

    """
    if text.startswith(SERVICE_PREFIX):
        return Found(text, None, "its name")
    found = [each for each in (_by_key(text), _by_name(text)) if each is not None]
    if not found:
        raise CommandError(
            f"No user has the primary key or the username {text!r}. Write one of them, or "
            f"{SERVICE_PREFIX}<name> for a service."
        )
    if len({each.id for each in found}) > 1:
        by_key, by_name = found
        raise CommandError(
            f"{text!r} is the primary key of {by_key.user.get_username()!r} and the username of "
            f"user {by_name.id}: write {BY_KEY}{text} or {BY_NAME}{text}."
        )
    return found[0]


def actor_of(text: str | None) -> Any:
    """Return who gives a command: the named user, or the user of this system by name.

    Raises:
        CommandError: the named user does not exist.

    """
    if text is None:
        return f"cli:{system_user()}"
    found = find(text)
    return found.user if found.user is not None else found.id


def system_user() -> str:
    """Return the name of the user of this system, or its number where it has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return f"uid-{os.getuid()}"


def _by_key(text: str) -> Found | None:
    if text.startswith(BY_NAME):
        return None
    try:
        key = key_of(text.removeprefix(BY_KEY))
    except UnknownSubject:
        return None
    return _first("primary key", pk=key)


def _by_name(text: str) -> Found | None:
    if text.startswith(BY_KEY):
        return None
    field = get_user_model().USERNAME_FIELD
    return _first(field, **{field: text.removeprefix(BY_NAME)})


def _first(how: str, **condition: Any) -> Found | None:
    rows = get_user_model()._base_manager.using(conf.get().database)
    user = rows.filter(**condition).first()
    return None if user is None else Found(str(user.pk), user, how)
