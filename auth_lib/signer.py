"""The signing half: claims to a token."""

from __future__ import annotations

import json
from collections.abc import Mapping

from . import base64url
from .claims import Claims
from .errors import KeyProblem
from .keys import Key
from .payload_writing import write
from .verifier import DEFAULT_TYPE


class TokenSigner:
    """Signs tokens with one key.

    Args:
        key: a secret or a private key.
        type_: the ``typ`` of the header.

    Raises:
        KeyProblem: the key can only verify.

    """

    __slots__ = ("_head", "key")

    def __init__(self, key: Key, *, type_: str = DEFAULT_TYPE) -> None:
        if not key.can_sign:
            raise KeyProblem(f"The key {key.key_id!r} is a public one: it cannot sign.")
        self.key = key
        header = {"alg": key.algorithm, "typ": type_}
        if key.key_id is not None:
            header["kid"] = key.key_id
        self._head = base64url.encode(_json(header))

    def sign(self, claims: Claims) -> str:
        """Return the token of claims."""
        signed = self._head + b"." + base64url.encode(_json(write(claims)))
        return (signed + b"." + base64url.encode(self.key.sign(signed))).decode("ascii")


def _json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
