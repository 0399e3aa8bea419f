"""Tables to be looked at: rows are written by the functions of the toolkit alone."""

# ruff: noqa: ARG002 -- the hooks of Django's admin pass more than each page needs

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from .. import conf


class ReadingAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows of the toolkit's database, which nobody adds, changes or deletes by hand."""

    list_per_page = 50
    # A second COUNT(*) of a table that may have millions of rows says little.
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows of the database that the toolkit uses."""
        return super().get_queryset(request).using(conf.get().database)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let nobody add a row by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let nobody change a row by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Let nobody delete a row by hand."""
        return False

    def may(self, request: HttpRequest, verb: str) -> bool:
        """Whether the user has Django's permission of that verb for this table."""
        options = self.model._meta
        user: Any = request.user
        return bool(user.has_perm(f"{options.app_label}.{verb}_{options.model_name}"))


class ColumnFilter(SimpleListFilter):
    """Filters by a column, by values that are known without asking the table."""

    column: str

    def known(self) -> list[str]:
        """Return the values to choose from."""
        raise TypeError(f"{type(self).__name__} does not say which values there are.")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return each value as its own label."""
        return [(value, value) for value in self.known()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows with the chosen value."""
        value = self.value()
        return queryset if value is None else queryset.filter(**{self.column: value})
