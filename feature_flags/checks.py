"""System checks: what can be known to be wrong before the first flag is asked."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004 -- Django's names
from django.core.exceptions import ImproperlyConfigured

from . import conf
from .declarations import declared, find_circle

SLOW = 1.0


def check_options(**_: Any) -> list[CheckMessage]:
    """Look at ``settings.FEATURE_FLAGS``."""
    try:
        given = conf.given_options()
    except ImproperlyConfigured as error:
        return [Error(str(error), hint="FEATURE_FLAGS = {}", id="feature_flags.E001")]
    unusable: list[CheckMessage] = [
        Error(f"FEATURE_FLAGS: {message}", hint=hint, id="feature_flags.E002")
        for message, hint in conf.problems(given)
    ]
    found = [*map(_unknown, sorted(set(given) - set(conf.OPTIONS))), *unusable]
    return found or list(_doubtful())


def check_waffle(**_: Any) -> list[CheckMessage]:
    """Look whether waffle is installed, whose rows are the store."""
    if apps.is_installed("waffle"):
        return []
    hint = "Add 'waffle' to INSTALLED_APPS."
    return [Error("feature_flags reads waffle's rows.", hint=hint, id="feature_flags.E003")]


def check_declarations(**_: Any) -> list[CheckMessage]:
    """Look whether a declared flag waits for itself."""

    def prerequisites(name: str) -> list[str]:
        flag = declared().get(name)
        return [flag.prerequisite.name] if flag and flag.prerequisite else []

    paths = filter(None, (find_circle(name, prerequisites) for name in declared()))
    return [
        Error(
            f"Prerequisites go round in a circle: {' > '.join(path)}.",
            hint="Take prerequisite= from one of these flags.",
            id="feature_flags.E004",
        )
        for path in {frozenset(path): path for path in paths}.values()
    ]


def _unknown(name: str) -> Error:
    near = get_close_matches(str(name).upper(), conf.OPTIONS, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(conf.OPTIONS)}."
    return Error(f"FEATURE_FLAGS has no option {name!r}.", hint=hint, id="feature_flags.E001")


def _doubtful() -> Iterator[CheckMessage]:
    options = conf.get()
    if options.snapshot_seconds > SLOW:
        yield Warning(
            f"FEATURE_FLAGS: a kill is seen only after {options.snapshot_seconds} s.",
            hint="SNAPSHOT_SECONDS of at most 1.0 keeps a kill within a second.",
            id="feature_flags.W001",
        )
    if options.kill_file and not Path(options.kill_file).parent.is_dir():
        yield Warning(
            f"FEATURE_FLAGS: KILL_FILE {options.kill_file} lies in a folder that is not there.",
            hint="Make the folder, so that the file can be created when it is needed.",
            id="feature_flags.W002",
        )
