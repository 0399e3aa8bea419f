"""The facts: to be looked at, assigned and taken away."""

# ruff: noqa: ARG002 -- the hooks of Django's admin pass more than each page needs

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from auth_lib import AuthError, Context, Effect
from auth_lib.roles import RoleKey

from .. import registry
from ..assignments import assign, unassign
from ..models import NATIVE, Assignment
from .assigning import AssignForm
from .reading import ColumnFilter, ReadingAdmin
from .reasons import with_reason


class TypeFilter(ColumnFilter):
    """By the type of the context."""

    title = "context type"
    parameter_name = column = "context_type"

    def known(self) -> list[str]:
        """Return the declared types."""
        return sorted(registry.get().policy.kind_of)


class RoleFilter(ColumnFilter):
    """By the name of the role."""

    title = "role"
    parameter_name = column = "role"

    def known(self) -> list[str]:
        """Return the names of the declared roles."""
        return sorted({role.name for role in registry.get().policy.roles})


class SourceFilter(ColumnFilter):
    """By the source that yields the fact."""

    title = "source"
    parameter_name = column = "source"

    def known(self) -> list[str]:
        """Return the declared sources, native facts first."""
        return [NATIVE, *(source.name for source in registry.get().sources)]


@admin.register(Assignment)
class AssignmentAdmin(ReadingAdmin):
    """Who holds which role where. Rows change through assign and unassign, never by hand."""

    list_display = ("subject", "role", "context", "effect", "source", "valid_until", "created_at")
    list_filter = (TypeFilter, RoleFilter, "effect", SourceFilter)
    search_fields = ("=subject", "=context_id")
    search_help_text = "The id of a subject, or of a context."
    actions = ("unassign",)

    @admin.display(ordering="context_id")
    def context(self, row: Assignment) -> str:
        """Return the context as it is written."""
        return f"{row.context_type}:{row.context_id}"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let those assign who have Django's permission to add."""
        return self.may(request, "add")

    def has_unassign_permission(self, request: HttpRequest) -> bool:
        """Let those unassign who have Django's permission to delete."""
        return self.may(request, "delete")

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Ask for what assign needs; show what a row holds."""
        return AssignForm.ASKED if obj is None else [f.name for f in Assignment._meta.fields]

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Ask with the form for assigning."""
        if obj is None:
            kwargs["form"] = AssignForm
        return super().get_form(request, obj, *args, **kwargs)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show what assigning refuses, in place of an error page."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except AuthError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        """Assign, and say whether legacy holds it too."""
        found = assign(**form.wanted(), actor=request.user)
        row = form.row()
        obj.__dict__.update(row.__dict__)
        where = ", ".join(found.sources) or f"the new world alone ({found.not_representable})"
        self.message_user(request, f"Held in {where}.", messages.INFO)

    @admin.action(description="Take away, with a reason", permissions=["unassign"])
    def unassign(
        self, request: HttpRequest, queryset: QuerySet[Assignment]
    ) -> TemplateResponse | None:
        """Take the chosen facts away, in both worlds and from every source."""

        def act(rows: Iterable[Assignment], reason: str) -> None:
            for row in rows:
                self._take(request, row, reason)

        return with_reason(self, request, queryset, title="Take roles away", act=act)

    def _take(self, request: HttpRequest, row: Assignment, reason: str) -> None:
        role = registry.get().policy.by_key.get(RoleKey(row.context_type, row.role))
        if role is None:
            self.message_user(request, f"{row}: no authz.py declares this role.", messages.ERROR)
            return
        where = Context(row.context_type, row.context_id)
        effect = Effect(row.effect)
        try:
            unassign(row.subject, role, where, effect=effect, actor=request.user, reason=reason)
        except AuthError as error:
            self.message_user(request, f"{row}: {error}", messages.ERROR)
        else:
            self.message_user(request, f"{row}: taken away.", messages.SUCCESS)
