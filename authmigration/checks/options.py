"""Looks at ``settings.AUTHMIGRATION``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage
from django.db import connections
from django.utils.module_loading import import_string

from .. import conf, dialects
from ..errors import UnsupportedDatabase
from . import messages

PATHS = ("unit_of", "units_of_many", "members_of", "units")
_TYPES: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int,),
    "float": (int, float),
    "str": (str,),
    "str | None": (str, type(None)),
    "Mapping[str, Any] | None": (Mapping, type(None)),
}
_WORDS = {
    "bool": "True or False",
    "int": "a whole number that is not negative",
    "float": "a number that is not negative",
    "str": "a text",
    "str | None": "a text, or None",
    "Mapping[str, Any] | None": "a dict of options",
}


def check_options(**_: Any) -> list[CheckMessage]:
    """Look whether every option exists and has a value that it can have."""
    given = getattr(settings, "AUTHMIGRATION", {})
    if not isinstance(given, Mapping):
        return [messages.e006("AUTHMIGRATION", given, "a dict of options")]
    unknown = [messages.e001(name, near) for name, near in conf.unknown_options()]
    return [*unknown, *_values(given), *_paths(given), *_halves(given)]


def check_engine(**_: Any) -> list[CheckMessage]:
    """Look whether the engine of the database is one that the toolkit has statements for."""
    given = usable()
    if given is None or given.database not in connections.databases:
        return []
    try:
        dialects.of(connections[given.database])
    except UnsupportedDatabase as error:
        return [messages.e005(str(error))]
    return []


def usable() -> conf.Settings | None:
    """Return the options; None where :func:`check_options` has something against them."""
    return None if any(each.is_serious() for each in check_options()) else conf.get()


def _values(given: Mapping[str, Any]) -> Iterator[CheckMessage]:
    for field in fields(conf.Settings):
        name = field.name.upper()
        if name not in given or field.name in PATHS:
            continue
        value = given[name]
        if field.name == "ceiling":
            if value not in conf.STAGES:
                yield messages.e002(value, conf.STAGES)
        elif wanted := _wanted(field.name, str(field.type), value):
            yield messages.e006(name, value, wanted)


def _wanted(name: str, type_: str, value: object) -> str:
    """Return what an option ought to be; nothing where it is that."""
    if name == "database" and value not in connections.databases:
        return f"an alias of DATABASES: {', '.join(sorted(connections.databases))}"
    is_bool = isinstance(value, bool)
    if not isinstance(value, _TYPES[type_]) or (is_bool and type_ != "bool"):
        return _WORDS[type_]
    if name.endswith("_sample") and not 0 <= float(str(value)) <= 1:
        return "a share from 0 to 1"
    negative = isinstance(value, int | float) and value < 0
    return _WORDS[type_] if negative else ""


def _paths(given: Mapping[str, Any]) -> Iterator[CheckMessage]:
    for name in (path.upper() for path in PATHS):
        value = given.get(name)
        if value is not None and (why := _wrong_path(value)):
            yield messages.e003(name, value, why)


def _wrong_path(path: object) -> str:
    if not isinstance(path, str):
        return "it is no text."
    try:
        found = import_string(path)
    except ImportError as error:
        return f"{error}."
    return "" if callable(found) else "it cannot be called."


def _halves(given: Mapping[str, Any]) -> Iterator[CheckMessage]:
    if bool(given.get("UNITS")) is not bool(given.get("MEMBERS_OF")):
        yield messages.W004
