"""Families of refresh tokens: begun at a sign-in, rotated at each refresh, ended for a reason.

Rotation with reuse detection as RFC 9700 §4.14.2 asks for; the last but one is accepted again as
long as its successor was never seen, since a lost answer must not sign anybody out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
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
        _add(family, 1, text, now)
    return Rotated(family, text)


def rotate(text: str) -> Rotated:
    """Exchange a refresh token for the one that its client holds from now on.

    That is its successor; itself, where it is the successor of another and younger than the grace.

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
    _count(digest, now)
    token = _tokens().filter(digest=digest).select_related("family").first()
    if token is None:
        raise RefreshInvalid("This is no refresh token, or its family is long gone.")
    family = token.family
    _require_open(family)
    if family.refreshes > options.get().refreshes_per_minute:
        raise RateLimited("This device refreshes too often; come back in some seconds.")
    if token.number == family.newest:
        return _forward(family, token, text, now)
    again = _again(family, token, text, now)
    if again is None:
        end(family, REUSED)
        counters.tally("refresh", "reused")
    return again


def _count(digest: str, now: datetime) -> None:
    # Written before anything is read: of two requests of one family the second waits here for the
    # first, and then finds what that has changed.
    this_minute = Q(counted_since__gt=now - timedelta(minutes=1))
    _families().filter(tokens__digest=digest).update(
        used_at=now,
        refreshes=Case(When(this_minute, then=F("refreshes") + 1), default=Value(1)),
        counted_since=Case(When(this_minute, then=F("counted_since")), default=Value(now)),
    )


def _require_open(family: RefreshFamily) -> None:
    if family.ended_because == REUSED:
        raise RefreshReused("A refresh token of this family was used twice. Sign in again.")
    if family.ended_at is not None:
        raise RefreshRevoked(f"The family was ended: {family.ended_because}. Sign in again.")
    if family.expires_at <= timezone.now():
        raise RefreshExpired("The device was signed in for too long. Sign in again.")


def _forward(family: RefreshFamily, token: RefreshToken, text: str, now: datetime) -> Rotated:
    """Take the newest token: keep one that is younger than the grace, replace any other."""
    _tokens().filter(pk=token.pk, used_at=None).update(used_at=now)
    # The first was made by a sign-in, and may stand in a page: it is good once, however young.
    if token.number > 1 and _is_young(token, now):
        counters.tally("refresh", "kept")
        return Rotated(family, text)
    return _next(family, text, now, "rotated")


def _again(family: RefreshFamily, token: RefreshToken, text: str, now: datetime) -> Rotated | None:
    """Answer the last but one, whose answer may have got lost; None where that is reuse.

    Within the grace its successor is given once more. Later the successor is given up for another,
    if it was never seen: nobody got it, or whoever did is found out by coming with it.
    """
    if token.number != family.newest - 1:
        return None
    newest = family.tokens.using(conf.get().database).get(number=family.newest)
    if _is_young(newest, now):
        for candidate in secret_texts.successors(text, family.newest):
            if secret_texts.digest(candidate) == newest.digest:
                counters.tally("refresh", "repeated")
                return Rotated(family, candidate)
    if newest.used_at is not None:
        return None
    # The token moves behind the one that is given up, which thereby is older than the last but one.
    family.newest += 1
    _tokens().filter(pk=token.pk).update(number=family.newest)
    return _next(family, text, now, "replaced")


def _is_young(token: RefreshToken, now: datetime) -> bool:
    return now - token.issued_at < timedelta(seconds=options.get().grace_seconds)


def _next(family: RefreshFamily, text: str, now: datetime, outcome: str) -> Rotated:
    family.newest += 1
    family.save(update_fields=["newest"])
    following = secret_texts.successor(text, family.newest)
    _add(family, family.newest, following, now)
    counters.tally("refresh", outcome)
    return Rotated(family, following)


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


def _add(family: RefreshFamily, number: int, text: str, now: datetime) -> None:
    digest = secret_texts.digest(text)
    _tokens().create(family=family, number=number, digest=digest, issued_at=now)


def _families() -> QuerySet[RefreshFamily]:
    return RefreshFamily.objects.using(conf.get().database)


def _tokens() -> QuerySet[RefreshToken]:
    return RefreshToken.objects.using(conf.get().database)
