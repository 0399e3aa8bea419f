"""Families of refresh tokens: begun at a sign-in, rotated at each refresh, ended for a reason.

Rotation with reuse detection as RFC 9700 §4.14.2 asks for; the last but one is accepted again for
a while, since a lost answer must not sign anybody out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from .. import conf, counters, trail
from ..models import RefreshFamily, RefreshToken
from . import options, secret_texts
from .refusals import (
    Inactive,
    RateLimited,
    RefreshExpired,
    RefreshInvalid,
    RefreshReused,
    RefreshRevoked,
)

KEPT = timedelta(days=30)
"""For how long an ended family is kept, to tell reuse from what was never ours."""

MOST_CLEARED = 5_000

REUSED = "reused"
SIGNED_OUT = "signed out"
PASSWORD = "password changed"  # noqa: S105 -- a reason
INACTIVE = "inactive"


@dataclass(frozen=True, slots=True)
class Rotated:
    """A family after a step, and the refresh token that its client holds from now on."""

    family: RefreshFamily
    text: str


def begin(subject: str, user: Any, *, client: str = "", device: str = "") -> Rotated:
    """Begin a family for a subject that has signed in."""
    now = timezone.now()
    text = secret_texts.drawn()
    with transaction.atomic(conf.get().database):
        family = _families().create(
            subject=subject,
            client=client[:100],
            device=device[:200],
            credentials=credentials_of(user),
            newest=1,
            started_at=now,
            used_at=now,
            expires_at=now + timedelta(seconds=options.get().refresh_seconds),
        )
        _add(family, 1, text)
    return Rotated(family, text)


def rotate(text: str) -> Rotated:
    """Exchange a refresh token for its successor.

    Raises:
        RefreshInvalid, RefreshExpired, RefreshRevoked, RefreshReused: see there; reuse ends the
            family before this raises.
        RateLimited: the device asks too often; its token stays good.

    """
    with transaction.atomic(conf.get().database):
        found = _rotated(text)
    if found is None:
        raise RefreshReused("This refresh token was used before: its family is ended. Sign in.")
    return found


def _rotated(text: str) -> Rotated | None:
    digest, now = secret_texts.digest(text), timezone.now()
    # Written before anything is read: of two tabs at once, or a request and its repetition, the
    # second waits here for the first, and then finds the token used.
    claimed = bool(_tokens().filter(digest=digest, used_at=None).update(used_at=now))
    token = _tokens().filter(digest=digest).select_related("family").first()
    if token is None:
        raise RefreshInvalid("This is no refresh token, or its family is long gone.")
    family = token.family
    _require_open(family)
    if claimed:
        _require_patience(family, now)
        return _next(family, text, now)
    repeated = _repeated(family, token, text)
    if repeated is None:
        end(family, REUSED)
        counters.tally("refresh", "reused")
    return repeated


def _require_open(family: RefreshFamily) -> None:
    if family.ended_because == REUSED:
        raise RefreshReused("A refresh token of this family was used twice. Sign in again.")
    if family.ended_at is not None:
        raise RefreshRevoked(f"The family was ended: {family.ended_because}. Sign in again.")
    if family.expires_at <= timezone.now():
        raise RefreshExpired("The device was signed in for too long. Sign in again.")


def _require_patience(family: RefreshFamily, now: datetime) -> None:
    lately = family.tokens.filter(issued_at__gt=now - timedelta(minutes=1)).count()
    if lately >= options.get().refreshes_per_minute:
        raise RateLimited("This device refreshes too often; come back in some seconds.")


def _next(family: RefreshFamily, text: str, now: datetime) -> Rotated:
    family.newest += 1
    family.used_at = now
    family.save(update_fields=["newest", "used_at"])
    following = secret_texts.successor(text)
    _add(family, family.newest, following)
    counters.tally("refresh", "rotated")
    return Rotated(family, following)


def _repeated(family: RefreshFamily, token: RefreshToken, text: str) -> Rotated | None:
    """Return the successor once more to whoever may not have got it; None for anything older."""
    grace = timedelta(seconds=options.get().grace_seconds)
    is_last_but_one = token.number == family.newest - 1
    if not is_last_but_one or token.used_at is None or timezone.now() - token.used_at > grace:
        return None
    following = family.tokens.using(conf.get().database).get(number=family.newest)
    for candidate in secret_texts.successors(text):
        if secret_texts.digest(candidate) == following.digest:
            counters.tally("refresh", "repeated")
            return Rotated(family, candidate)
    return None


def require_same_credentials(family: RefreshFamily, user: Any) -> None:
    """End a family whose user has changed the password, or whose account is closed.

    Raises:
        Inactive: the account is closed, or gone.
        RefreshRevoked: the password was changed.

    """
    if user is None or not getattr(user, "is_active", True):
        end(family, INACTIVE)
        raise Inactive("The account is closed.")
    if family.credentials != credentials_of(user):
        end(family, PASSWORD)
        raise RefreshRevoked("The password was changed. Sign in again.")


def end(family: RefreshFamily, because: str) -> bool:
    """End a family; return whether it was open."""
    open_ = _families().filter(pk=family.pk, ended_at=None)
    return bool(open_.update(ended_at=timezone.now(), ended_because=because))


def end_of(text: str, because: str) -> bool:
    """End the family of a refresh token, if it is one of ours; return whether it was open."""
    try:
        return end(family_of(text), because)
    except RefreshInvalid:
        return False


def end_all(subject: str | None, because: str, author: trail.Authorship) -> int:
    """End every open family of a subject, or of everybody; return how many those were."""
    using = conf.get().database
    rows = _families().filter(ended_at=None)
    if subject is not None:
        rows = rows.filter(subject=subject)
    with transaction.atomic(using):
        ended = rows.update(ended_at=timezone.now(), ended_because=because[:24])
        trail.record(
            "revoke_tokens", author, using=using, subject=subject or "", detail={"families": ended}
        )
    return ended


def end_each(families: Iterable[RefreshFamily], *, actor: Any) -> int:
    """End some families by hand, each with an event; return how many were open."""
    using, ended = conf.get().database, 0
    author = trail.authorship(actor, "signed out by hand")
    for family in families:
        with transaction.atomic(using):
            if end(family, "revoked"):
                ended += 1
                detail = {"families": 1, "device": family.device}
                trail.record(
                    "revoke_tokens", author, using=using, subject=family.subject, detail=detail
                )
    return ended


def clear_ended() -> int:
    """Delete families whose end is long ago, with their tokens; return how many those were.

    What comes back later is invalid instead of expired or reused, which is the same to a client.
    """
    long_ago = timezone.now() - KEPT
    old = _families().filter(Q(expires_at__lt=long_ago) | Q(ended_at__lt=long_ago))
    keys = list(old.values_list("pk", flat=True)[:MOST_CLEARED])
    _tokens().filter(family__in=keys).delete()
    deleted, _ = _families().filter(pk__in=keys).delete()
    return deleted


def open_families(subject: str) -> list[RefreshFamily]:
    """Return the devices on which a subject is signed in, the last used first."""
    rows = _families().filter(subject=subject, ended_at=None, expires_at__gt=timezone.now())
    return list(rows.order_by("-used_at"))


def family_of(text: str) -> RefreshFamily:
    """Return the family of a refresh token, whatever has become of either.

    Raises:
        RefreshInvalid: it is none of ours.

    """
    if 0 < len(text) <= secret_texts.LONGEST:
        found = _families().filter(tokens__digest=secret_texts.digest(text)).first()
        if found is not None:
            return found
    raise RefreshInvalid("This is no refresh token, or its family is long gone.")


def is_of(family: RefreshFamily, subject: str | None, user: Any) -> bool:
    """Whether a family is a subject's, by the password that it has now."""
    return family.subject == subject and family.credentials == credentials_of(user)


def by_id(key: str | UUID) -> RefreshFamily | None:
    """Return a family by its id."""
    return _families().filter(pk=key).first()


def credentials_of(user: Any) -> str:
    """Return a fingerprint that changes with the password, and tells nothing of it."""
    hashed = getattr(user, "get_session_auth_hash", None)
    return hashlib.sha256(hashed().encode()).hexdigest() if callable(hashed) else ""


def _add(family: RefreshFamily, number: int, text: str) -> None:
    _tokens().create(family=family, number=number, digest=secret_texts.digest(text))


def _families() -> QuerySet[RefreshFamily]:
    return RefreshFamily.objects.using(conf.get().database)


def _tokens() -> QuerySet[RefreshToken]:
    return RefreshToken.objects.using(conf.get().database)
