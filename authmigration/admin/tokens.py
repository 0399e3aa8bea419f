"""Devices that refresh tokens: who is signed in where, and a way to sign one out."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from ..models import ContextAccess, RefreshFamily, RefreshToken, ServiceClient, TokenKey
from ..tokens import families
from .reading import ReadingAdmin


@admin.register(RefreshFamily)
class RefreshFamilyAdmin(ReadingAdmin):
    """Devices, the last used first."""

    list_display = ("subject", "device", "client", "used_at", "expires_at", "ended_because")
    list_filter = (("ended_at", admin.EmptyFieldListFilter),)
    search_fields = ("=subject",)
    search_help_text = "The id of a subject."
    ordering = ("-used_at",)
    actions = ("sign_out",)

    def has_end_permission(self, request: HttpRequest) -> bool:
        """Let those sign out who have Django's permission to change."""
        return self.may(request, "change")

    @admin.action(description="Sign out", permissions=["end"])
    def sign_out(self, request: HttpRequest, queryset: QuerySet[RefreshFamily]) -> None:
        """End the chosen families, each with an event that names who did it."""
        ended = families.end_each(list(queryset), actor=request.user)
        self.message_user(request, f"Signed out: {ended}.")


@admin.register(RefreshToken)
class RefreshTokenAdmin(ReadingAdmin):
    """What was issued in each family; hashes alone are kept, and none is shown."""

    list_display = ("family_id", "number", "issued_at", "used_at")
    fields = ("family", "number", "issued_at", "used_at")
    ordering = ("-id",)


@admin.register(ContextAccess)
class ContextAccessAdmin(ReadingAdmin):
    """For which contexts tokens were asked for last."""

    list_display = ("subject", "context_type", "context_id", "at")
    search_fields = ("=subject",)
    ordering = ("-at",)


@admin.register(ServiceClient)
class ServiceClientAdmin(ReadingAdmin):
    """Programs that get tokens of their own; `authz_service` adds and disables them."""

    list_display = ("subject", "audience", "created_at", "disabled_at")
    fields = ("name", "audience", "created_at", "disabled_at")
    ordering = ("name",)


@admin.register(TokenKey)
class TokenKeyAdmin(ReadingAdmin):
    """What became of each key; `authz_keys status` says what the next step waits for."""

    list_display = ("algorithm", "key_id", "first_published_at", "issued_at", "ends_at")
    fields = (*list_display, "withheld_at")
    ordering = ("-id",)
