"""Flags as the code declares them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from weakref import WeakValueDictionary

from .errors import InvalidFlag

LONGEST_NAME = 100  # as in waffle's table
SWITCH_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,99}")

_declared: WeakValueDictionary[str, Flag] = WeakValueDictionary()


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Flag:
    """A feature flag. It needs no row anywhere: without one it is off.

    Attributes:
        name: as in waffle's admin, at most 100 characters.
        salt: of the percentage; None means the name. Flags that share a salt nest: whoever is in
            25 % of one is in 50 % of the other.
        prerequisite: a flag that must be on for the same subject.
        kill_switch: name of the switch that turns this flag off for everybody; several flags may
            name the same one.
        safe: the answer when nothing is known of the flag: no database since the process started,
            or rows that this release cannot read.

    Raises:
        InvalidFlag: a name is blank, too long or padded, or the switch's name cannot be one.

    """

    name: str
    salt: str | None = None
    prerequisite: Flag | None = None
    kill_switch: str | None = None
    safe: bool = False

    def __post_init__(self) -> None:
        check_flag_name(self.name)
        if self.kill_switch is not None:
            check_switch_name(self.kill_switch)
        _declared[self.name] = self

    def __hash__(self) -> int:
        # Hashed at every evaluation: a name is hashed once, seven fields would be each time.
        return hash(self.name)

    def __str__(self) -> str:
        return self.name


def declared() -> dict[str, Flag]:
    """Return the flags that the running code declares, by name."""
    return dict(_declared)


def flag_named(name: str) -> Flag:
    """Return the declared flag of that name, or one with nothing but the name."""
    return _declared.get(name) or Flag(name)


def declared_switches() -> set[str]:
    """Return the kill switches that declared flags name."""
    return {flag.kill_switch for flag in declared().values() if flag.kill_switch}


def name_of(flag: Flag | str) -> str:
    """Return the name of a flag given as a declaration or as text.

    Raises:
        InvalidFlag: the text cannot be a name.

    """
    return flag.name if isinstance(flag, Flag) else check_flag_name(flag)


def check_flag_name(name: object) -> str:
    """Return a name that can be one.

    Raises:
        InvalidFlag: it cannot.

    """
    if isinstance(name, str) and name and name == name.strip() and len(name) <= LONGEST_NAME:
        return name
    raise InvalidFlag(
        f"{name!r} cannot name a flag: text of 1 to {LONGEST_NAME} characters without "
        "spaces around it."
    )


def check_switch_name(name: object) -> str:
    """Return the name of a kill switch that can be one.

    Raises:
        InvalidFlag: it cannot, or no environment variable could be named after it.

    """
    if isinstance(name, str) and SWITCH_NAME.fullmatch(name):
        return name
    raise InvalidFlag(
        f"{name!r} cannot name a kill switch: a letter, then letters, digits, - and _, "
        "since an environment variable is named after it."
    )


def find_circle(
    name: str, prerequisites: Callable[[str], Iterable[str]], path: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Return the path on which a flag waits for itself, or nothing.

    Args:
        name: of the flag.
        prerequisites: gives the names of the flags that a flag waits for.
        path: the flags passed so far.

    """
    if name in path:
        return (*path, name)
    circles = (find_circle(each, prerequisites, (*path, name)) for each in prerequisites(name))
    return next(filter(None, circles), ())
