"""The settings of the toolkit: one dict ``AUTHMIGRATION``, read late, forgotten on change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.dispatch import receiver

STAGES = ("off", "shadow", "enforce", "retired")


# Without a repr: keys stand in it, and a repr ends in logs.
@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Settings:
    """Every option, its type and its default; in the dict their names are in capitals."""

    ceiling: str = "retired"
    """No subject is ever above this stage, whatever the flags say; "off" reads nothing at all."""

    unit_of: str | None = None
    """Dotted path to ``unit_of(subject: str) -> tuple[str, ...]``: the units of a subject that a
    percentage buckets, as contexts: ``("school:7",)``. None: everybody is a unit alone."""

    units_of_many: str | None = None
    """Dotted path to ``units_of_many(subjects: list[str]) -> dict[str, tuple[str, ...]]``: what
    ``UNIT_OF`` says of each, in one query, for ``prefetch`` of many. None: asked one by one."""

    unit_seconds: float = 30.0
    """How long a process remembers the units of a subject, so that a request need not ask."""

    members_of: str | None = None
    """Dotted path to ``members_of(unit: str)``, the other way round: the subjects of a unit as
    text ids. With it progress is shown, and a cohort retired, unit by unit."""

    units: str | None = None
    """Dotted path to ``units()``: every unit there is, for progress by unit."""

    database: str = "default"
    """The alias of the database that holds the users and the tables of the toolkit."""

    lazy_concurrency: int = 4
    """How many first accesses one process migrates at a time; the others are answered by legacy."""

    lazy_budget: float = 0.5
    """Seconds that one lazy migration may take on the database before legacy answers instead."""

    pin_seconds: float = 60.0
    """How old a pinned snapshot may grow in streams, websockets and long tasks."""

    shadow_sample: float = 1.0
    """The share of subjects, 0 to 1, compared at stage shadow; sticky by subject and day."""

    enforce_sample: float = 0.01
    """The share of subjects, 0 to 1, compared at stage enforce; sticky by subject and day."""

    max_contexts: int = 500
    """The most contexts in which one subject may be assigned roles."""

    quarantine_after: int = 3
    """How often a subject may fail to migrate before legacy decides until somebody looks."""

    chunk_size: int = 500
    """How many subjects a backfill leases at once."""

    lease_seconds: float = 60.0
    """How long a backfill worker may be silent before its chunk is given to another."""

    tokens: Mapping[str, Any] | None = None
    """The options of the tokens, a dict of its own."""

    set_back: bool = True
    """Whether a confirmed escalation at enforce sets its cohort back to shadow by itself."""


def unknown_options() -> list[tuple[str, str]]:
    """Return the options of the dict that do not exist, each with the nearest that does."""
    known = [field.name.upper() for field in fields(Settings)]
    given = getattr(settings, "AUTHMIGRATION", {})
    return [
        (name, next(iter(get_close_matches(name.upper(), known, n=1)), ""))
        for name in given
        if name not in known
    ]


@lru_cache(maxsize=1)
def get() -> Settings:
    """Return the settings now in force. Call it where a value is needed; never at import.

    Raises:
        ImproperlyConfigured: an option is unknown, or the ceiling is no stage.

    """
    given: dict[str, Any] = getattr(settings, "AUTHMIGRATION", {})
    for name, nearest in unknown_options():
        hint = f" Did you mean {nearest!r}?" if nearest else ""
        raise ImproperlyConfigured(f"AUTHMIGRATION has no option {name!r}.{hint}")
    values = Settings(**{name.lower(): value for name, value in given.items()})
    if values.ceiling not in STAGES:
        raise ImproperlyConfigured(
            f"AUTHMIGRATION['CEILING'] is {values.ceiling!r}; use one of {', '.join(STAGES)}."
        )
    return values


@receiver(setting_changed)
def _forget(*, setting: str, **_: object) -> None:
    if setting == "AUTHMIGRATION":
        get.cache_clear()
