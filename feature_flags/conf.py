"""The options of this package, read where they are needed and never at import."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.db import connections

SETTING = "FEATURE_FLAGS"
CONNECTIONS = ("own", "caller")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The keys of ``settings.FEATURE_FLAGS``, in lower case.

    Attributes:
        snapshot_seconds: how old a snapshot may grow before a process reads again.
        kill_file: a path; while something exists there every kill switch is on.
        database: alias of the database that holds waffle's rows and ours.
        connection: ``own`` reads on a connection outside the caller's transaction; ``caller``
            reads on the caller's, for tests that never commit.

    """

    snapshot_seconds: float = 1.0
    kill_file: str | None = None
    database: str = "default"
    connection: str = "own"


OPTIONS = tuple(field.name.upper() for field in fields(Options))


@lru_cache(maxsize=1)
def get() -> Options:
    """Return the options now in force.

    Raises:
        ImproperlyConfigured: a value cannot be used; the system check says the same at start-up.

    """
    given = given_options()
    for message, hint in problems(given):
        raise ImproperlyConfigured(f"{message} {hint}")
    kill_file = given.get("KILL_FILE")
    known = {name.lower(): given[name] for name in OPTIONS if name in given}
    return Options(**{**known, "kill_file": os.fspath(kill_file) if kill_file else None})


def given_options() -> Mapping[str, Any]:
    """Return what the settings hold."""
    given = getattr(settings, SETTING, None) or {}
    if isinstance(given, Mapping):
        return given
    raise ImproperlyConfigured(f"{SETTING} is a dict of options, not {given!r}.")


def problems(given: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Name each value that cannot be used, and how to mend it."""
    found = []
    seconds = given.get("SNAPSHOT_SECONDS", 1.0)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
        found.append((f"SNAPSHOT_SECONDS is {seconds!r}.", "Write seconds, such as 1.0."))
    kill_file = given.get("KILL_FILE")
    if kill_file is not None and not isinstance(kill_file, str | os.PathLike):
        found.append((f"KILL_FILE is {kill_file!r}.", "Write a path, or None."))
    database = given.get("DATABASE", "default")
    if database not in connections.databases:
        known = ", ".join(sorted(connections.databases))
        found.append((f"DATABASE is {database!r}.", f"Write an alias of DATABASES: {known}."))
    connection = given.get("CONNECTION", "own")
    if connection not in CONNECTIONS:
        found.append((f"CONNECTION is {connection!r}.", "Write 'own' or 'caller'."))
    return found


def forget(*, setting: str, **_: Any) -> None:
    """Drop the options that were read, when a test changes the setting."""
    if setting == SETTING:
        get.cache_clear()


setting_changed.connect(forget, dispatch_uid="feature_flags.conf.forget")
