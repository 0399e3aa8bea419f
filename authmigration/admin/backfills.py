"""The backfill: its runs, and the chunks that it leases out."""

from __future__ import annotations

from django.contrib import admin

from ..models import BackfillChunk, BackfillRun
from .reading import ReadingAdmin


@admin.register(BackfillRun)
class BackfillRunAdmin(ReadingAdmin):
    """Passes over all users."""

    list_display = ("id", "mapping_hash", "total", "cursor", "started_at", "finished_at")
    ordering = ("-id",)


@admin.register(BackfillChunk)
class BackfillChunkAdmin(ReadingAdmin):
    """Ranges of users, each leased to one worker at a time."""

    list_display = (
        "id",
        "run",
        "first",
        "last",
        "size",
        "owner",
        "fence",
        "attempts",
        "lease_until",
        "done_at",
        "migrated",
        "failed",
    )
    list_filter = (("done_at", admin.EmptyFieldListFilter),)
    ordering = ("-id",)
