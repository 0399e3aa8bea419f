"""What is written once and then only read: the trail, the counters, the marks, the order."""

from __future__ import annotations

from django.contrib import admin

from ..models import AuditEvent, ChangeMark, Counter, CounterDelta, Epoch, MappingVersion
from .reading import ColumnFilter, ReadingAdmin

ACTIONS = (
    "assign",
    "cap",
    "depart",
    "kill",
    "lift",
    "migrate",
    "migrate_many",
    "quarantine",
    "refuse",
    "resolve_mismatch",
    "resync",
    "retire",
    "revoke_tokens",
    "service_add",
    "service_disable",
    "set_back",
    "stage",
    "unassign",
    "view_as",
    "view_as_end",
)
"""What events are called, so that the filter need not read the whole trail."""


class ActionFilter(ColumnFilter):
    """By what was done."""

    title = "action"
    parameter_name = column = "action"

    def known(self) -> list[str]:
        """Return what events are called."""
        return list(ACTIONS)


@admin.register(AuditEvent)
class AuditEventAdmin(ReadingAdmin):
    """Who changed which access, when and why."""

    list_display = ("at", "actor", "action", "subject", "role", "context", "reason")
    list_filter = (ActionFilter,)
    search_fields = ("=subject", "=actor")
    search_help_text = "The id of a subject, or an actor: user:7, cli:anna."
    ordering = ("-id",)


@admin.register(Counter)
class CounterAdmin(ReadingAdmin):
    """Counters as of the last roll-up."""

    list_display = ("name", "label", "value")
    ordering = ("name", "label")


@admin.register(CounterDelta)
class CounterDeltaAdmin(ReadingAdmin):
    """Steps of counters that were not rolled up yet."""

    list_display = ("at", "name", "label", "delta")
    ordering = ("-id",)


@admin.register(ChangeMark)
class ChangeMarkAdmin(ReadingAdmin):
    """Captured changes that nobody has followed yet."""

    list_display = ("at", "subject", "source")
    search_fields = ("=subject",)
    ordering = ("-id",)


@admin.register(Epoch)
class EpochAdmin(ReadingAdmin):
    """The base of the epoch."""

    list_display = ("id", "value")


@admin.register(MappingVersion)
class MappingVersionAdmin(ReadingAdmin):
    """The order in which source declarations were first used."""

    list_display = ("version", "mapping_hash", "seen_at")
    ordering = ("-version",)
