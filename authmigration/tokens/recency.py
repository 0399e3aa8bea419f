"""When contexts were last asked for: a request for a token that names a context is an access."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models.functions import Now

from auth_lib import Context

from ..models import ContextAccess


def record(subject: str, contexts: Collection[Context], *, using: str) -> None:
    """Write down that contexts were asked for now; the only write of its kind."""
    ContextAccess.objects.using(using).bulk_create(
        [
            ContextAccess(subject=subject, context_type=c.type, context_id=c.id, at=Now())
            for c in contexts
        ],
        update_conflicts=True,
        unique_fields=["subject", "context_type", "context_id"],
        update_fields=["at"],
    )


def last_accessed(subject: str, *, using: str) -> dict[Context, datetime]:
    """Return when each context of a subject was last asked for."""
    rows = ContextAccess.objects.using(using).filter(subject=subject)
    return {
        Context(type_, id_): at
        for type_, id_, at in rows.values_list("context_type", "context_id", "at")
    }
