"""The signature of a compact JWS (RFC 7515): nothing of its payload is read before it is good."""

from __future__ import annotations

from collections.abc import Collection

from . import base64url
from .compact import split
from .key_sets import KeySource
from .token_errors import BadSignature, HeaderRefused, MalformedToken


def verified(raw: bytes, keys: KeySource, types: Collection[str] | None = None) -> bytes:
    """Return the payload of a JWS whose signature is good.

    Args:
        raw: the compact serialisation; its size is the caller's to judge.
        keys: those of the issuer.
        types: the accepted ``typ`` in lower case, without ``application/``; None: any.

    Raises:
        TokenError: it is not accepted.

    """
    token = split(raw)
    key = keys.find(token.header)
    if types is not None and token.header.type not in types:
        raise HeaderRefused(f"The typ of the token is none of {', '.join(sorted(types))}.")
    if not key.verify(token.signed, token.signature):
        raise BadSignature("The signature is not that of the key that the token names.")
    try:
        return base64url.decode(token.payload)
    except ValueError:
        raise MalformedToken("The payload is not canonical base64url.") from None
