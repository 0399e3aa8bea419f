"""The recorded mismatches: listed, found by fingerprint, and closed."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from django.db import transaction
from django.utils import timezone

from .. import conf, trail
from ..errors import AuthMigrationError
from ..models import Mismatch

__all__ = ("GRAVEST_FIRST", "Mismatch", "UnknownMismatch", "every", "found", "resolve")

GRAVEST_FIRST = tuple(
    kind.value
    for kind in (
        Mismatch.Kind.ESCALATION,
        Mismatch.Kind.LOCKOUT,
        Mismatch.Kind.INTENDED,
        Mismatch.Kind.EXPECTED,
    )
)


class UnknownMismatch(AuthMigrationError, LookupError):
    """No difference with that fingerprint was ever recorded."""

    code = "unknown_mismatch"


def every(*, resolved: bool = False) -> list[Mismatch]:
    """Return the open mismatches, the gravest and latest first.

    Args:
        resolved: whether to return those as well that are closed.

    """
    rows = Mismatch.objects.using(conf.get().database).order_by("-last_seen")
    wanted = rows if resolved else rows.filter(resolved_at=None)
    return sorted(wanted, key=lambda row: GRAVEST_FIRST.index(row.kind))


def found(fingerprint: str) -> Mismatch:
    """Return the mismatch of a fingerprint; its beginning suffices where that is one alone.

    Raises:
        UnknownMismatch: there is none, or several begin like that.

    """
    rows = Mismatch.objects.using(conf.get().database)
    matches = list(rows.filter(fingerprint__startswith=fingerprint)[:2]) if fingerprint else []
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise UnknownMismatch(f"Several mismatches begin with {fingerprint!r}; write more of it.")
    known = list(rows.values_list("fingerprint", flat=True)[:1000])
    near = get_close_matches(fingerprint, known, n=1)
    hint = f" Did you mean {near[0]}?" if near else " See `manage.py authz_mismatch list`."
    raise UnknownMismatch(f"There is no mismatch {fingerprint!r}.{hint}")


def resolve(fingerprint: str, *, actor: Any = None, reason: str | None = None) -> bool:
    """Close a mismatch, so that it no longer stands in the way of a promotion.

    Args:
        fingerprint: see :func:`found`.
        actor: who; else that of :func:`acting_as`.
        reason: why it is dealt with; else that of :func:`acting_as`.

    Returns:
        False where it was closed already, which leaves the first reason in place.

    Raises:
        MissingReason: actor or reason is missing.
        UnknownMismatch: there is no such mismatch.

    """
    author = trail.authorship(actor, reason)
    using = conf.get().database
    row = found(fingerprint)
    with transaction.atomic(using):
        open_rows = Mismatch.objects.using(using).filter(pk=row.pk, resolved_at=None)
        if not open_rows.update(resolved_at=timezone.now(), resolved_because=author.reason):
            return False
        detail = {"fingerprint": row.pk, "kind": row.kind, "permission": row.permission}
        trail.record("resolve_mismatch", author, using=using, detail=detail)
    return True
