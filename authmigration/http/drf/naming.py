"""Which permission a view of an API names for what a request does."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request

from ...uses import ATTRIBUTE, place_of
from ..objects import require_declared

_METADATA = frozenset({"metadata", "options"})


def permission_for(request: Request, view: Any) -> str | None:
    """Return the permission that a request needs; None for undeclared metadata, which is denied.

    Raises:
        ImproperlyConfigured, UnknownPermission: the view names none, or a wrong one.
        MethodNotAllowed: the view has no such action.

    """
    action = action_of(request, view)
    if action is None:
        raise MethodNotAllowed(str(request.method))
    if action in _METADATA and not _has(view, action):
        return None
    return _named(view, action)


def list_permission(view: Any) -> str:
    """Return the permission by which a view lists.

    Raises:
        ImproperlyConfigured, UnknownPermission: see :func:`permission_for`.

    """
    return _named(view, "list" if hasattr(view, "action_map") else "get")


def action_of(request: Request, view: Any) -> str | None:
    """Return what a view calls the thing that a request does; None where it cannot."""
    if hasattr(view, "action_map"):
        action: str | None = view.action
        return action
    method = str(request.method).lower()
    method = "get" if method == "head" else method
    return method if method in view.http_method_names and hasattr(view, method) else None


def _has(view: Any, action: str) -> bool:
    declared = getattr(view, ATTRIBUTE, None) or {}
    return isinstance(declared, str) or action in declared


def _named(view: Any, action: str) -> str:
    declared = getattr(view, ATTRIBUTE, None) or {}
    if not _has(view, action):
        raise ImproperlyConfigured(
            f"{place_of(type(view))}: {ATTRIBUTE} names no permission for {action!r}, so it is "
            f"denied. It names one for: {', '.join(sorted(declared)) or 'nothing'}."
        )
    name: str = declared if isinstance(declared, str) else declared[action]
    require_declared(name)
    return name
