"""What an admin asks: about a row, about the place where a row lies, and about rows as a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from auth_lib import PLATFORM

from ... import registry
from ...decisions import check, filter_queryset
from ...uses import declare_use, place_of

ACTIONS = ("view", "change", "add", "delete")
_CACHE = "_authz_admin_anywhere"


class Asking:
    """The part that the mixins share; see :class:`AuthzAdminMixin` for the attributes."""

    authz_permissions: Mapping[str, str] = {}
    authz_choices: Mapping[str, str] = {}
    authz_through: str | None = None
    model: type[Model]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        unknown = set(cls.authz_permissions) - set(ACTIONS)
        if unknown:
            raise ImproperlyConfigured(
                f"{place_of(cls)}: authz_permissions has {sorted(unknown)}; the admin asks for "
                f"{', '.join(ACTIONS)}."
            )
        for name in (*cls.authz_permissions.values(), *cls.authz_choices.values()):
            declare_use(name, place_of(cls))

    def named(self, action: str) -> str | None:
        """Return the permission for an action; None where the admin names none, and denies."""
        found = self.authz_permissions.get(action)
        return self.authz_permissions.get("change") if not found and action == "view" else found

    def allows(self, request: HttpRequest, action: str, what: Any) -> bool:
        """Whether the user of a request may do something with a row, or in a place."""
        permission = self.named(action)
        return permission is not None and check(request.user, permission, what).allowed

    def allows_anywhere(self, request: HttpRequest, action: str, rows: QuerySet[Any]) -> bool:
        """Whether the user may do something on the platform, or with one of some rows at least."""
        permission = self.named(action)
        if permission is None:
            return False
        known: dict[tuple[type[Model], str], bool] = request.__dict__.setdefault(_CACHE, {})
        key = (rows.model, permission)
        if key not in known:
            known[key] = (
                check(request.user, permission, PLATFORM).allowed
                or self.allowed_rows(request, permission, rows).exists()
            )
        return known[key]

    def allowed_rows(
        self, request: HttpRequest, permission: str, rows: QuerySet[Any]
    ) -> QuerySet[Any]:
        """Return those rows of the admin's model, or of what it lies in, that a permission covers.

        Raises:
            UnknownPermission, InvalidContext: see :func:`authmigration.filter_queryset`.

        """
        if self.authz_through is None or rows.model is not self.model:
            return filter_queryset(request.user, permission, rows)
        path = self.authz_through
        places = filter_queryset(request.user, permission, _at_the_end(self.model, path).all())
        found = Q(**{f"{path}__in": places.order_by().values("pk")})
        if check(request.user, permission, PLATFORM):
            found |= Q(**{f"{path}__isnull": True})
        return rows.filter(found)

    def context_of(self, row: Model) -> Any:
        """Return what a permission on a row is asked about: the row, or what it lies in."""
        return row if self.authz_through is None else _follow(row, self.authz_through)

    def place_path(self) -> str | None:
        """Return the path of foreign keys to what a new row lies in; None for the platform."""
        if self.authz_through is not None:
            return self.authz_through
        return registry.get().lineages.type_of_model(self.model).parent

    def place_of_row(self, row: Model) -> Any:
        """Return what a row lies in, as its columns say now."""
        path = self.place_path()
        return PLATFORM if path is None else _follow(row, path)

    def places(self) -> QuerySet[Any] | None:
        """Return every row in which a new one could lie; None where that is the platform."""
        path = self.place_path()
        return None if path is None else _at_the_end(self.model, path).all()


def _follow(row: Any, path: str) -> Any:
    for step in path.split("__"):
        row = getattr(row, step, None)
        if row is None:
            return PLATFORM
    return row


def _at_the_end(model: type[Model], path: str) -> Any:
    found: Any = model
    for step in path.split("__"):
        found = found._meta.get_field(step).related_model
    return found._base_manager
