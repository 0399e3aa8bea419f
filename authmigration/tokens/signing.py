"""The keys of the issuer: the first signs, and all are published or shared."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.dispatch import receiver

from auth_lib import Key, KeyProblem, TokenSigner

from . import options

SHARED = "HS256"
"""The one algorithm whose keys are secrets, and never published."""

PUBLISHED_SECONDS = 300
"""How long a cache on the way may keep the published documents."""


@lru_cache(maxsize=1)
def keys() -> tuple[Key, ...]:
    """Return the keys of the settings, the signing one first.

    Raises:
        ImproperlyConfigured: there is none, or one cannot be used; the text names it by its
            place and never holds it.

    """
    given = options.get().keys
    if not given:
        raise ImproperlyConfigured(
            "AUTHMIGRATION['TOKENS']['KEYS'] is empty, so that no token can be signed. Add "
            '{"algorithm": "Ed25519", "key": "<PEM of a private key>"}; '
            "`manage.py authz_keys new` writes one."
        )
    return tuple(_key(place, each) for place, each in enumerate(given, 1))


@lru_cache(maxsize=1)
def signer() -> TokenSigner:
    """Return what signs with the first key.

    Raises:
        ImproperlyConfigured: see :func:`keys`; or the first key can only verify.

    """
    try:
        return TokenSigner(keys()[0])
    except KeyProblem as error:
        raise ImproperlyConfigured(
            f"The first key of AUTHMIGRATION['TOKENS']['KEYS'] cannot sign: {error}"
        ) from None


def published() -> dict[str, Any]:
    """Return the JWK set of RFC 7517: every key but the shared secrets."""
    return {"keys": [key.public_jwk() for key in public_keys()]}


def public_keys() -> list[Key]:
    """Return every key but the shared secrets."""
    return [key for key in keys() if key.algorithm != SHARED]


def _key(place: int, given: Mapping[str, Any]) -> Key:
    try:
        return Key(given["algorithm"], given["key"], given.get("key_id"))
    except KeyError as error:
        why = f"it has no {error.args[0]!r}."
    except KeyProblem as error:
        why = str(error)
    raise ImproperlyConfigured(f"Key {place} of AUTHMIGRATION['TOKENS']['KEYS']: {why}")


@receiver(setting_changed)
def _forget(*, setting: str, **_: object) -> None:
    if setting == "AUTHMIGRATION":
        keys.cache_clear()
        signer.cache_clear()
