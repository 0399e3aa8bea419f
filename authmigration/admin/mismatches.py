"""Where old and new answers differ."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

from ..models import Mismatch
from ..shadow.mismatches import resolve
from .reading import ReadingAdmin
from .reasons import with_reason


@admin.register(Mismatch)
class MismatchAdmin(ReadingAdmin):
    """Differences, to be looked at and closed with a reason."""

    list_display = (
        "fingerprint",
        "kind",
        "permission",
        "context_type",
        "count",
        "origin",
        "cohort",
        "last_seen",
        "resolved_at",
    )
    list_filter = ("kind", ("resolved_at", admin.EmptyFieldListFilter))
    search_fields = ("fingerprint", "permission")
    ordering = ("-last_seen",)
    actions = ("close",)

    def has_close_permission(self, request: HttpRequest) -> bool:
        """Let those close a mismatch who have Django's permission to change one."""
        return self.may(request, "change")

    @admin.action(description="Resolve, with a reason", permissions=["close"])
    def close(self, request: HttpRequest, queryset: QuerySet[Mismatch]) -> TemplateResponse | None:
        """Say of the chosen mismatches that they are dealt with."""

        def act(rows: Iterable[Mismatch], reason: str) -> None:
            closed = [resolve(row.pk, actor=request.user, reason=reason) for row in rows]
            text = f"{sum(closed)} resolved, {len(closed) - sum(closed)} were resolved before."
            self.message_user(request, text, messages.SUCCESS)

        return with_reason(self, request, queryset, title="Resolve mismatches", act=act)
