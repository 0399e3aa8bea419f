"""Refresh tokens as texts: drawn once, then each made from the one before."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterator

from django.conf import settings
from django.utils.crypto import salted_hmac

_SALT = "authmigration.tokens.refresh"
LONGEST = 200
"""No text of ours is longer; what is, is refused before it is hashed."""


def drawn() -> str:
    """Return the first refresh token of a family."""
    return secrets.token_urlsafe(32)


def successor(text: str, number: int) -> str:
    """Return the refresh token that follows another, as the one of this number in its family.

    It is made from both, so that whoever did not get the answer and asks again gets the same one,
    and still nothing but hashes is stored.
    """
    return _made(text, number, str(settings.SECRET_KEY))


def successors(text: str, number: int) -> Iterator[str]:
    """Yield the successor under the key of the platform, then under those it had before."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield _made(text, number, str(key))


def digest(text: str) -> str:
    """Return what is stored of a refresh token."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _made(text: str, number: int, key: str) -> str:
    made = salted_hmac(_SALT, f"{number}:{text}", secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
