"""Every permission that a view or a template names, so that a misspelt one is found at start-up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

ATTRIBUTE = "authz_permissions"


class Use(NamedTuple):
    """A permission, and the view or template line that names it."""

    permission: str
    where: str


# A dict for its order and its keys: a module that is loaded again declares the same.
_declared: dict[Use, None] = {}


def declare_use(permission: str, where: str) -> None:
    """Note that a permission is named somewhere; whether it exists is known later."""
    _declared[Use(permission, where)] = None


def declared_uses() -> tuple[Use, ...]:
    """Return every permission that the views of the URLconf name, and the templates read so far.

    Reading the URLconf imports the views, and so runs their decorators.
    """
    found = list(_of_views())
    return tuple(dict.fromkeys([*_declared, *found]))


def place_of(view: object) -> str:
    """Return where a view is defined, as text for errors and reports."""
    name = getattr(view, "__qualname__", None) or repr(view)
    return f"{getattr(view, '__module__', '')}.{name}"


def names_in(permissions: str | Mapping[str, str]) -> Iterable[str]:
    """Return the permissions that a view of an API declares, as one name or by action."""
    return (permissions,) if isinstance(permissions, str) else permissions.values()


def _of_views() -> Iterator[Use]:
    if not getattr(settings, "ROOT_URLCONF", None):
        return
    for callback in _callbacks(get_resolver().url_patterns):
        view = getattr(callback, "cls", None) or getattr(callback, "view_class", None)
        permissions = getattr(view, ATTRIBUTE, None)
        if view is not None and permissions is not None:
            yield from (Use(name, place_of(view)) for name in names_in(permissions))


def _callbacks(patterns: Iterable[Any]) -> Iterator[Any]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _callbacks(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern.callback
