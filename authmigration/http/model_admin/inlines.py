"""The mixin for an inline."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.options import BaseModelAdmin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from auth_lib import PLATFORM

from .choosing import Choosing


class AuthzInlineMixin(Choosing):
    """Shows and changes in an inline what the policy allows.

    Place it before ``TabularInline`` or ``StackedInline``; the attributes are those of
    :class:`AuthzAdminMixin`. Changing, adding and deleting are asked about the object of the page,
    in which the rows lie; a page for a new object shows the inline to those who may do so on the
    whole platform.
    """

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows that the user may view."""
        # Not that of the inline: it asks without an object, and would show nothing at all.
        rows: QuerySet[Any] = BaseModelAdmin.get_queryset(self, request)  # type: ignore[arg-type]
        permission = self.named("view")
        return rows.none() if permission is None else self.allowed_rows(request, permission, rows)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether the rows of an object may be seen."""
        return self._has(request, "view", obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether the rows of an object may be changed."""
        return self._has(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether the rows of an object may be deleted."""
        return self._has(request, "delete", obj)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether rows may be added to an object."""
        return self._has(request, "add", obj)

    def _has(self, request: HttpRequest, action: str, obj: Model | None) -> bool:
        return self.allows(request, action, PLATFORM if obj is None else obj)
