"""What the running platform knows of its views: the URL resolver's answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from ..auditor.facts import Facts


def facts() -> Facts:
    """Return the routes of the platform: dotted view → names of the URL's parts."""
    found: dict[str, frozenset[str]] = {}
    for view, names in walked(get_resolver().url_patterns, frozenset()):
        found[view] = found.get(view, frozenset()) | names
    return Facts(found)


def walked(
    patterns: list[URLPattern | URLResolver], above: frozenset[str]
) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each view with the names of its URL, those of the URLs above it included."""
    for pattern in patterns:
        names = above | frozenset(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            yield from walked(pattern.url_patterns, names)
        else:
            yield dotted(pattern.callback), names


def dotted(callback: Any) -> str:
    """Return the dotted path of a view: of its class, or of the function inside its decorators."""
    view = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
    while view is None and hasattr(callback, "__wrapped__"):
        callback = callback.__wrapped__
    target = view or callback
    return f"{getattr(target, '__module__', '')}.{getattr(target, '__qualname__', '')}"
