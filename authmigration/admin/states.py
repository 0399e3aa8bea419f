"""How far each subject has come, and the page that adds it up."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db import connections, transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from .. import conf, dashboard
from ..assignments import Outcome
from ..lazy_migration.retrying import retry
from ..models import SubjectState
from .reading import ReadingAdmin
from .reasons import MOST_AT_ONCE

_GOOD = (Outcome.MIGRATED, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.RETIRED)


@admin.register(SubjectState)
class SubjectStateAdmin(ReadingAdmin):
    """Subjects, and the page of the whole progress."""

    list_display = (
        "subject",
        "status",
        "reason",
        "contexts",
        "attempts",
        "synced_at",
        "retired_at",
    )
    list_filter = ("status", ("retired_at", admin.EmptyFieldListFilter))
    search_fields = ("=subject",)
    search_help_text = "The id of a subject."
    actions = ("try_again",)
    change_list_template = "authmigration/states.html"

    def get_urls(self) -> list[Any]:
        """Add the page of the whole progress."""
        return [*dashboard.urls(self.admin_site), *super().get_urls()]

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Let those try again who have Django's permission to change."""
        return self.may(request, "change")

    @admin.action(description="Try again", permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[SubjectState]) -> None:
        """Bring the chosen subjects up to date; success releases them from quarantine."""
        subjects = list(queryset.values_list("subject", flat=True)[: MOST_AT_ONCE + 1])
        if len(subjects) > MOST_AT_ONCE:
            text = f"Choose at most {MOST_AT_ONCE} at once; `manage.py authz_backfill` takes all."
            self.message_user(request, text, messages.ERROR)
            return
        using = conf.get().database
        reason = f"tried again by user:{request.user.pk}"
        if connections[using].in_atomic_block:
            # Each subject has a transaction of its own, which cannot begin inside another.
            for subject in subjects:
                transaction.on_commit(partial(retry, subject, using=using, reason=reason), using)
            self.message_user(request, "They are tried when this request has been answered.")
            return
        for subject in subjects:
            outcome, why = retry(subject, using=using, reason=reason)
            level = messages.SUCCESS if outcome in _GOOD else messages.ERROR
            self.message_user(request, f"{subject}: {outcome}{f': {why}' if why else ''}", level)
