"""Tokens of programs: client credentials (RFC 6749 §4.4), one audience each, never refreshed."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import replace

from django.db import IntegrityError, transaction
from django.utils import timezone

from .. import conf, counters, pins, trail
from ..models import ServiceClient
from ..snapshots import snapshot_of
from ..subjects import Subject
from . import contents, key_uses, options, signing
from .issuing import Issued
from .refusals import BadRequest, ClientInvalid

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,55}\Z")
_NOBODY = hashlib.sha256(b"").hexdigest()


def add(name: str, audience: str, author: trail.Authorship) -> str:
    """Register a program; return its secret, which is shown this once.

    Raises:
        BadRequest: the name is none, is taken, or the audience is no service of the settings.

    """
    if not _NAME.match(name):
        raise BadRequest(f"{name!r} is no name of a program: small letters, digits, - and _.")
    if audience not in options.get().audience:
        known = ", ".join(options.get().audience) or "none"
        raise BadRequest(f"No service is called {audience!r}; AUDIENCE names {known}.")
    secret, using = secrets.token_urlsafe(32), conf.get().database
    try:
        with transaction.atomic(using):
            made = ServiceClient.objects.using(using).create(
                name=name, audience=audience, digest=_digest(secret)
            )
            _record("service_add", made, author, using)
    except IntegrityError:
        raise BadRequest(f"There is a program called {name!r} already.") from None
    return secret


def disable(name: str, author: trail.Authorship) -> bool:
    """Let a program get no more tokens; return whether it could before."""
    using = conf.get().database
    with transaction.atomic(using):
        found = ServiceClient.objects.using(using).filter(name=name, disabled_at=None).first()
        if found is None:
            return False
        found.disabled_at = timezone.now()
        found.save(update_fields=["disabled_at"])
        _record("service_disable", found, author, using)
    return True


def every() -> list[ServiceClient]:
    """Return the programs, by name."""
    return list(ServiceClient.objects.using(conf.get().database).order_by("name"))


def issue(name: str, secret: str) -> Issued:
    """Issue a token to a program, with the roles that its subject holds now.

    Raises:
        ClientInvalid: no such program, another secret, or disabled; not said which.

    """
    client = ServiceClient.objects.using(conf.get().database).filter(name=name).first()
    # The same work for a name that nobody has.
    expected = client.digest if client is not None else _NOBODY
    same = hmac.compare_digest(_digest(secret), expected)
    if client is None or not same or client.disabled_at is not None:
        counters.tally("tokens", "client refused")
        raise ClientInvalid("The program or its secret is not known here.")
    pins.drop(client.subject)
    given = replace(options.get(), audience=(client.audience,))
    claims = contents.claims_of(snapshot_of(Subject(client.subject)), given)
    counters.tally("tokens", "issued to a program")
    token = signing.signer().sign(claims)
    key_uses.has_signed(signing.keys()[0])
    return Issued(token, claims.issued_at, claims.expires_at - claims.issued_at)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def _record(action: str, client: ServiceClient, author: trail.Authorship, using: str) -> None:
    detail = {"audience": client.audience}
    trail.record(action, author, using=using, subject=client.subject, detail=detail)
