"""Permissions in front of Django REST Framework's views; imported only where DRF is used."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import QuerySet
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.mixins import CreateModelMixin, ListModelMixin
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from auth_lib import PLATFORM

from ..decisions import filter_queryset, require
from ..uses import ATTRIBUTE, place_of
from .objects import require_declared

_METADATA = frozenset({"metadata", "options"})
_WITHOUT_OBJECT = {"get": ListModelMixin, "head": ListModelMixin, "post": CreateModelMixin}
_WAITS_FOR = "_authz_waits_for"
_GET_QUERYSET = "get_queryset()"
_FIRST_ERROR = 400


class AuthzPermission(BasePermission):
    """Ask for the permission that a view names in ``authz_permissions``.

    That is one name for everything, or a dict by action (``"list"``, ``"retrieve"``, an extra
    action's name) or, in a view without actions, by method (``"get"``, ``"post"``). A dict that
    misses an action denies it with an error that says so.

    What is asked about: in a view of one object, that object, when ``get_object()`` finds it; an
    own action that does not call ``get_object()`` calls ``check_object_permissions()``. A list
    under :class:`AuthzQuerysetMixin` is left to its queryset. Everything else, creating
    included, is about what the view's ``get_permission_object()`` returns, else the platform.
    A view that answers without having asked at all is an error, and its answer is not sent.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        """Answer where no object is known yet, or none is needed.

        Raises:
            ImproperlyConfigured, UnknownPermission: the view names no permission, or a wrong one.
            MethodNotAllowed: the view has no such action.

        """
        permission = permission_for(request, view)
        if permission is None:
            return False
        for asks in (_shows_one, _lists_filtered):
            if asks(request, view):
                _wait(request, view, asks is _shows_one)
                return True
        find = getattr(view, "get_permission_object", None)
        return _is_granted(request, permission, PLATFORM if find is None else find())

    def has_object_permission(self, request: Request, view: Any, obj: Any) -> bool:
        """Answer for an object that the view has found."""
        permission = permission_for(request, view)
        setattr(view, _WAITS_FOR, "")
        return permission is not None and _is_granted(request, permission, obj)


class AuthzQuerysetMixin:
    """Show only those rows on which the user has the permission to list them.

    It is that of ``authz_permissions`` for ``"list"``, or for ``"get"`` in a view without actions.
    """

    request: Request

    def get_queryset(self) -> QuerySet[Any]:
        """Return the view's rows, less those that the user may not see."""
        permission = _named(self, "list" if hasattr(self, "action_map") else "get")
        if getattr(self, _WAITS_FOR, "") == _GET_QUERYSET:
            setattr(self, _WAITS_FOR, "")
        return filter_queryset(self.request.user, permission, super().get_queryset())  # type: ignore[misc]


def permission_for(request: Request, view: Any) -> str | None:
    """Return the permission that a request needs; None for undeclared metadata, which is denied.

    Raises:
        ImproperlyConfigured, UnknownPermission, MethodNotAllowed: see :class:`AuthzPermission`.

    """
    action = _action(request, view)
    if action is None:
        raise MethodNotAllowed(str(request.method))
    if action in _METADATA and not _has(view, action):
        return None
    return _named(view, action)


def _action(request: Request, view: Any) -> str | None:
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


def _shows_one(request: Request, view: Any) -> bool:
    # The key in the URL of a list or a form is that of what lies above.
    if getattr(view, "detail", None) is False or _action(request, view) in {"list", "create"}:
        return False
    kind = _WITHOUT_OBJECT.get(str(request.method).lower())
    if kind is not None and not hasattr(view, "action_map") and isinstance(view, kind):
        return False
    lookup = getattr(view, "lookup_url_kwarg", None) or getattr(view, "lookup_field", None)
    return lookup in view.kwargs


def _wait(request: Request, view: Any, for_object: bool) -> None:  # noqa: FBT001 -- one caller
    """Let no answer out of a view before it has asked as it said it would."""
    if request.method == "OPTIONS":
        return  # shows no object
    setattr(view, _WAITS_FOR, "get_object()" if for_object else _GET_QUERYSET)
    finalize = view.finalize_response

    def finalized(request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        waits_for = getattr(view, _WAITS_FOR)
        if waits_for and response.status_code < _FIRST_ERROR:
            raise ImproperlyConfigured(
                f"{place_of(type(view))} answered without asking: call {waits_for}, or "
                "self.check_object_permissions(request, obj), or define get_permission_object()."
            )
        return finalize(request, response, *args, **kwargs)

    view.finalize_response = finalized


def _lists_filtered(request: Request, view: Any) -> bool:
    return isinstance(view, AuthzQuerysetMixin) and _action(request, view) in {"list", "get"}


def _is_granted(request: Request, permission: str, what: Any) -> bool:
    try:
        return require(request.user, permission, what).allowed
    except PermissionDenied:
        return False
