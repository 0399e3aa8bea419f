"""The mixin for a ``ModelAdmin``."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from .asking import ACTIONS
from .choosing import Choosing


class AuthzAdminMixin(Choosing):
    """Lists, opens, changes, adds, deletes and offers in the admin what the policy allows.

    Place it before ``ModelAdmin``. Who comes into the admin at all is decided by ``is_staff``.

    Attributes:
        authz_permissions: ``{"view": "course.view", "change": "course.edit"}``, and ``add`` and
            ``delete``; what is not named is denied, and ``view`` without a name is ``change``.
        authz_through: the path of foreign keys to what is asked about, for a model that is no
            context type itself: ``"course"`` for enrolments.
        authz_choices: what a user must have on a row to choose it in a field:
            ``{"school": "school.view"}``. The field that says where a row lies needs no entry: it
            wants the permission to add there, or to change where nothing may be added.

    Adding is asked about where the new row comes to lie, and so is moving a row. An action with
    ``permissions=`` gets only those of the selected rows on which the user has them.

    """

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows that the user may view."""
        rows = super().get_queryset(request)  # type: ignore[misc]
        permission = self.named("view")
        return rows.none() if permission is None else self.allowed_rows(request, permission, rows)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether a row may be seen; without one, any row."""
        return self._has(request, "view", obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether a row may be changed; without one, any row."""
        return self._has(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether a row may be deleted; without one, any row."""
        return self._has(request, "delete", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether there is a place where the user may add a row."""
        places = self.places()
        if places is None:
            return self.allows(request, "add", self.place_of_row(self.model()))
        return self.allows_anywhere(request, "add", places)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether there is anything here for the user."""
        return self.has_add_permission(request) or any(
            self._has(request, action, None) for action in ACTIONS if action != "add"
        )

    def _has(self, request: HttpRequest, action: str, obj: Model | None) -> bool:
        if obj is not None:
            return self.allows(request, action, self.context_of(obj))
        return self.allows_anywhere(request, action, self.model._base_manager.all())

    def save_form(self, request: HttpRequest, form: Any, change: Any) -> Any:
        """Return the object of a form, if the user may have it so.

        Raises:
            PermissionDenied: it may not be changed, or not be put where the form puts it.

        """
        row = super().save_form(request, form, change)  # type: ignore[misc]
        place = self.place_of_row(row)
        if change:
            # As it is stored: the form has written on the object that was asked about before, and
            # a row that is edited in the list was not asked about at all.
            stored = self.model._base_manager.get(pk=row.pk)
            if not self.has_change_permission(request, stored):
                raise PermissionDenied(f"{stored} may not be changed.")
            if self.place_of_row(stored) == place:
                return row
        action = "add" if not change or self.named("add") else "change"
        if not self.allows(request, action, place):
            raise PermissionDenied(f"Nothing may be put into {place}.")
        return row

    def get_actions(self, request: HttpRequest) -> dict[str, tuple[Any, str, str]]:
        """Return the actions, each narrowed to the rows on which the user has its permissions."""
        found = super().get_actions(request)  # type: ignore[misc]
        return {
            name: (self._narrowed(function), name, text)
            for name, (function, _, text) in found.items()
        }

    def _narrowed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        wanted = [each for each in getattr(function, "allowed_permissions", ()) if each in ACTIONS]
        names = [self.named(action) for action in wanted]

        @wraps(function)
        def narrowed(admin: Any, request: HttpRequest, rows: QuerySet[Any]) -> Any:
            allowed = rows
            for name in names:
                allowed = rows.none() if name is None else self.allowed_rows(request, name, allowed)
            left_out = rows.count() - allowed.count() if names else 0
            if left_out:
                said = f"{left_out} of the selected rows were left out: you may not do this there."
                admin.message_user(request, said, messages.WARNING)
            return function(admin, request, allowed)

        return narrowed
