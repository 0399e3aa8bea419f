"""Issuing: an access token with the roles of now, and a refresh token for the next one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.module_loading import import_string

from auth_lib import Context, InvalidContext, UnknownContextType, ViewedRole

from .. import conf, counters, pins, registry, viewing_as
from ..errors import UnknownSubject
from ..rollout import tokens_on
from ..snapshots import snapshot_of
from ..subjects import Subject, by_id, id_of, subject_of
from . import contents, families, key_uses, options, publishing, recency, sessions, signing
from .refusals import (
    BadRequest,
    Inactive,
    NotSignedIn,
    RefreshMissing,
    TokenRefused,
    TokensDisabled,
)

MOST_ASKED = 20
"""How many contexts one request may name."""


@dataclass(frozen=True, slots=True)
class Issued:
    """What a client is given.

    Attributes:
        access_token: the token, for the header ``Authorization: Bearer``.
        issued_at: the clock of the issuer, in seconds since 1970.
        expires_in: seconds that the access token holds.
        refresh_token: for the next one; None where there will be none, as for somebody who is
            impersonated.
        refresh_expires_in: seconds that the device stays signed in.

    """

    access_token: str
    issued_at: int
    expires_in: int
    refresh_token: str | None = None
    refresh_expires_in: int = 0

    def as_document(self, *, with_refresh_token: bool) -> dict[str, Any]:
        """Return the answer as JSON: RFC 6749 §5.1, and the clock of the issuer."""
        found: dict[str, Any] = {
            "access_token": self.access_token,
            "token_type": "Bearer",
            "expires_in": self.expires_in,
            "issued_at": self.issued_at,
        }
        if with_refresh_token and self.refresh_token is not None:
            found["refresh_token"] = self.refresh_token
            found["refresh_expires_in"] = self.refresh_expires_in
        return found


def issue_tokens(
    request: Any,
    user: Any = None,
    *,
    context: Collection[str] = (),
    client: str = "",
    refresh_token: str = "",
) -> Issued:
    """Issue tokens to a user whom the host has let in: at its log-in, at its registration.

    Args:
        request: whose session, where there is one, the refresh tokens belong to.
        user: who was let in; the user of the request by default.
        context: contexts that must be in the token: ``course:42``.
        client: the name by which the client calls itself.
        refresh_token: one that the client holds already; it is rotated, so that one device stays
            one family.

    Raises:
        NotSignedIn: nobody was let in.
        Inactive: the account is closed.
        TokensDisabled: the flag ``authz_tokens`` is off for the subject.
        BadRequest: a context cannot be read.

    """
    subject = subject_of(user if user is not None else request.user)
    actor = actor_of(request)
    access = _access(subject, _contexts(context), actor=actor)
    if actor is not None:
        return access  # support staff get no way to come back without being let in again
    rotated = _held_already(subject, refresh_token)
    if rotated is None:
        rotated = begun(request, subject, client)
    else:
        sessions.bind(request, rotated.family)  # of another session, where that one has ended
    return _with_refresh(access, rotated)


def _held_already(subject: Subject, text: str) -> families.Rotated | None:
    try:
        if not text or not families.is_of(families.family_of(text), subject.id, subject.user):
            return None
        return families.rotate(text)
    except TokenRefused:
        return None  # whoever is signed in gets another


def begun(request: Any, subject: Subject, client: str = "") -> families.Rotated:
    """Begin the family of a device, in the place of the one that its session had."""
    sessions.end(request)
    device = request.headers.get("User-Agent", "")
    rotated = families.begin(str(subject.id), subject.user, client=client, device=device)
    sessions.bind(request, rotated.family)
    return rotated


def refresh(text: str, *, context: Collection[str] = ()) -> Issued:
    """Exchange a refresh token for the next one and an access token with the roles of now.

    Nothing is exchanged where no token could be issued: a client whose tokens are off keeps what
    it has.

    Raises:
        RefreshMissing: the text is empty.
        TokenRefused: see :func:`families.rotate` and :func:`issue_tokens`.

    """
    asked = _contexts(context)
    if not text:
        raise RefreshMissing("No refresh token came along, in the body or in the cookie.")
    subject = _bearer(text)
    if not tokens_on(subject):
        raise _disabled()
    rotated = families.rotate(text)
    return _with_refresh(_access(subject, asked), rotated)


def _bearer(text: str) -> Subject:
    family = families.family_of(text)
    try:
        subject = by_id(family.subject)
    except UnknownSubject:
        families.end(family, families.INACTIVE)
        raise Inactive("The account is gone.") from None
    families.require_same_credentials(family, subject.user)
    return subject


def _access(subject: Subject, asked: frozenset[Context], *, actor: str | None = None) -> Issued:
    if subject.id is None:
        raise NotSignedIn("Nobody is signed in.")
    if not subject.active:
        raise Inactive("The account is closed.")
    if not tokens_on(subject):
        raise _disabled()
    if asked:
        recency.record(subject.id, asked, using=conf.get().database)
    pins.drop(subject.id)  # the roles of now, not of when the request began
    claims = contents.claims_of(
        snapshot_of(subject),
        options.get(),
        asked=asked,
        viewed=_viewed(subject),
        actor=actor,
    )
    token = signing.signer().sign(claims)
    key_uses.has_signed(signing.keys()[0])
    if claims.generation:
        publishing.publish(claims.subject, claims.generation)
    counters.tally("tokens", "truncated" if claims.truncated else "issued")
    return Issued(token, claims.issued_at, claims.expires_at - claims.issued_at)


def _with_refresh(access: Issued, rotated: families.Rotated) -> Issued:
    left = int(rotated.family.expires_at.timestamp()) - access.issued_at
    return Issued(access.access_token, access.issued_at, access.expires_in, rotated.text, left)


def _disabled() -> TokensDisabled:
    return TokensDisabled("Tokens are off for this account; its session goes on.")


def _contexts(given: Collection[str]) -> frozenset[Context]:
    if len(given) > MOST_ASKED:
        raise BadRequest(f"context names {len(given)}; at most {MOST_ASKED} fit into a request.")
    policy = registry.get().policy
    try:
        found = [Context.parse(text) for text in given]
        for context in found:
            policy.require_type(context.type)
    except (InvalidContext, UnknownContextType) as error:
        raise BadRequest(str(error)) from None
    return frozenset(found)


def _viewed(subject: Subject) -> ViewedRole | None:
    viewing = viewing_as.current(subject.id)
    return None if viewing is None else ViewedRole(viewing.role, viewing.context)


def actor_of(request: Any) -> str | None:
    """Return who really acts in a request, where the host says that somebody else does."""
    path = options.get().actor_of
    found = _host_function(path)(request) if path is not None else None
    return None if found is None else id_of(found)


@lru_cache(maxsize=4)
def _host_function(path: str) -> Callable[..., Any]:
    return import_string(path)  # type: ignore[no-any-return]
