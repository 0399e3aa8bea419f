"""Django's permission strings, and what the policy calls the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class DjangoPermissions:
    """Strings as ``user.has_perm()`` is asked for them, each with the permission that it means."""

    meaning: Mapping[str, str] = field(hash=False)


def permissions(meaning: Mapping[str, str]) -> DjangoPermissions:
    """Declare which permission ``user.has_perm("courses.change_course", course)`` asks for.

    Args:
        meaning: Django's string to the permission of the policy:
            ``{"courses.change_course": "course.edit"}``. Strings that stand nowhere are left to
            the other authentication backends.

    """
    return DjangoPermissions(dict(meaning))


def meanings(declared: Iterable[DjangoPermissions]) -> Mapping[str, str]:
    """Return all declared strings with their permissions; of two that contradict, the first."""
    found: dict[str, str] = {}
    for each in declared:
        found = {**each.meaning, **found}
    return found


def wrong_meanings(declared: Iterable[DjangoPermissions], known: frozenset[str]) -> Iterator[str]:
    """Yield one sentence for each string that can mean nothing, or two things."""
    found: dict[str, str] = {}
    for string, permission in (pair for each in declared for pair in each.meaning.items()):
        label, _, codename = string.partition(".")
        if not label or not codename:
            yield (
                f"legacy.permissions: {string!r} is no permission of Django; write "
                "app_label.codename, as in courses.change_course."
            )
        if permission not in known:
            yield f"legacy.permissions: {string!r} means {permission!r}, which no role can do."
        if found.setdefault(string, permission) != permission:
            yield f"legacy.permissions: {string!r} means {found[string]!r} and {permission!r}."
