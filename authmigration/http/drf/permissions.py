"""Permissions in front of Django REST framework's views."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from rest_framework.mixins import CreateModelMixin, ListModelMixin
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from auth_lib import PLATFORM

from ...decisions import require
from .filters import filters_lists
from .naming import action_of, permission_for
from .waiting import OBJECT, QUERYSET, has_asked, wait

_WITHOUT_OBJECT = {"get": ListModelMixin, "head": ListModelMixin, "post": CreateModelMixin}


class AuthzPermission(BasePermission):
    """Ask for the permission that a view names in ``authz_permissions``.

    That is one name for everything, or a dict by action (``"list"``, ``"retrieve"``, an extra
    action's name) or, in a view without actions, by method (``"get"``, ``"post"``). A dict that
    misses an action denies it with an error that says so.

    What is asked about: in a view of one object, that object, when ``get_object()`` finds it; an
    own action that does not call ``get_object()`` calls ``check_object_permissions()``. A list
    under :class:`AuthzQuerysetMixin` or :class:`AuthzFilterBackend` is left to its queryset.
    Everything else, creating included, is about what the view's ``get_permission_object()``
    returns, else the platform.
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
                wait(request, view, OBJECT if asks is _shows_one else QUERYSET)
                return True
        find = getattr(view, "get_permission_object", None)
        return _is_granted(request, permission, PLATFORM if find is None else find())

    def has_object_permission(self, request: Request, view: Any, obj: Any) -> bool:
        """Answer for an object that the view has found."""
        permission = permission_for(request, view)
        has_asked(view, OBJECT)
        return permission is not None and _is_granted(request, permission, obj)


def _shows_one(request: Request, view: Any) -> bool:
    # The key in the URL of a list or a form is that of what lies above.
    if getattr(view, "detail", None) is False or action_of(request, view) in {"list", "create"}:
        return False
    kind = _WITHOUT_OBJECT.get(str(request.method).lower())
    if kind is not None and not hasattr(view, "action_map") and isinstance(view, kind):
        return False
    lookup = getattr(view, "lookup_url_kwarg", None) or getattr(view, "lookup_field", None)
    return lookup in view.kwargs


def _lists_filtered(request: Request, view: Any) -> bool:
    return filters_lists(view) and action_of(request, view) in {"list", "get"}


def _is_granted(request: Request, permission: str, what: Any) -> bool:
    try:
        return require(request.user, permission, what).allowed
    except PermissionDenied:
        return False
