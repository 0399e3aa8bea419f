"""Lists of an API, less what the user may not see."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from ...decisions import filter_queryset
from .naming import list_permission
from .waiting import QUERYSET, has_asked


class AuthzQuerysetMixin:
    """Show only those rows on which the user has the permission to list them.

    It is that of ``authz_permissions`` for ``"list"``, or for ``"get"`` in a view without actions.
    """

    request: Request

    def get_queryset(self) -> QuerySet[Any]:
        """Return the view's rows, less those that the user may not see."""
        permission = list_permission(self)
        has_asked(self, QUERYSET)
        return filter_queryset(self.request.user, permission, super().get_queryset())  # type: ignore[misc]


class AuthzFilterBackend(BaseFilterBackend):
    """The same as a filter backend: in ``filter_backends``, or for all views in the settings.

    Prefer the mixin where a view calls ``get_queryset()`` and not ``filter_queryset()``, as an own
    action may: a filter backend is not asked there.
    """

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> QuerySet[Any]:
        """Return the rows, less those that the user may not see.

        Raises:
            ImproperlyConfigured, UnknownPermission: the view names no permission to list.

        """
        permission = list_permission(view)
        has_asked(view, QUERYSET)
        return filter_queryset(request.user, permission, queryset)


def filters_lists(view: Any) -> bool:
    """Whether the lists of a view are those of the policy."""
    if isinstance(view, AuthzQuerysetMixin):
        return True
    backends = getattr(view, "filter_backends", ())
    return any(isinstance(each, type) and issubclass(each, AuthzFilterBackend) for each in backends)
