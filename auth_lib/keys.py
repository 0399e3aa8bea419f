"""One key, for one algorithm, for signing or for verifying."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from . import algorithms, base64url
from .errors import KeyProblem

MIN_SECRET_BYTES = 32
_REQUIRED = {"EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x"), "oct": ("k", "kty")}
_KEPT: tuple[str, ...] = ("kty", "crv", "x", "y", "d", "k")
_PRIVATE = frozenset({"d", "k"})


class Key:
    """A key that is bound to one algorithm and can do nothing else (RFC 8725 §3.1).

    Args:
        algorithm: ``HS256``, ``ES256`` or ``Ed25519``.
        material: what PyJWT takes for it: bytes, a PEM text, or a key object.
        key_id: the ``kid``; for a public-key algorithm the RFC 7638 thumbprint by default. A
            secret has none by default: the hash of a weak secret would give it away.

    Raises:
        KeyProblem: the material is of another kind, or too short.

    """

    __slots__ = ("_implementation", "_material", "algorithm", "key_id")

    def __init__(self, algorithm: str, material: Any, key_id: str | None = None) -> None:
        self.algorithm = algorithm
        self._implementation = algorithms.implementation(algorithm)
        self._material = algorithms.prepare(self._implementation, material)
        if algorithm == algorithms.HS256:
            _require_secret(self._material)
            self.key_id = key_id
        else:
            public = self._jwk()
            _require_curve(algorithm, public)
            self.key_id = key_id or thumbprint(public)

    @classmethod
    def from_secret(cls, secret: str | bytes, key_id: str | None = None) -> Key:
        """Return the HS256 key of a shared secret of at least 32 bytes (RFC 7518 §3.2)."""
        return cls(algorithms.HS256, secret, key_id)

    @classmethod
    def generate(cls, algorithm: str = algorithms.ED25519) -> Key:
        """Return a new key, for an issuer or a test."""
        return cls(algorithm, algorithms.generate(algorithm))

    def verify(self, signed: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's over these bytes; in constant time for HS256."""
        return bool(self._implementation.verify(signed, self._material, signature))

    def sign(self, message: bytes) -> bytes:
        """Return the signature over a message.

        Raises:
            KeyProblem: the key can only verify.

        """
        self._require_signing()
        return self._implementation.sign(message, self._material)

    def _require_signing(self) -> None:
        if not self.can_sign:
            raise KeyProblem(f"The key {self.key_id!r} is a public one: it cannot sign.")

    @property
    def can_sign(self) -> bool:
        """Whether the private part is here."""
        return self.algorithm == algorithms.HS256 or hasattr(self._material, "sign")

    def public_jwk(self) -> dict[str, Any]:
        """Return the JWK to be published.

        Raises:
            KeyProblem: the key is a shared secret; publishing it would let anybody sign.

        """
        if self.algorithm == algorithms.HS256:
            raise KeyProblem("A shared secret is never published: give it to each service.")
        return {**self._jwk(), "kid": self.key_id, "alg": self.algorithm, "use": "sig"}

    def private_jwk(self) -> dict[str, Any]:
        """Return the JWK that its owner keeps, with everything in it; never publish or log it.

        Raises:
            KeyProblem: the private part is not here.

        """
        self._require_signing()
        found = algorithms.to_jwk(self._implementation, self._material)
        named = {} if self.key_id is None else {"kid": self.key_id}
        kept = {name: found[name] for name in _KEPT if name in found}
        return {**kept, **named, "alg": self.algorithm}

    def private_pem(self) -> str:
        """Return the private key as PKCS #8 in PEM, for where its owner keeps it.

        Raises:
            KeyProblem: the private part is not here, or the key is a secret, which is bytes.

        """
        self._require_signing()
        if self.algorithm == algorithms.HS256:
            raise KeyProblem("A shared secret has no PEM: keep its text.")
        return algorithms.to_pem(self._material)

    def _jwk(self) -> dict[str, Any]:
        found = algorithms.to_jwk(self._implementation, self._material)
        return {name: found[name] for name in _REQUIRED[found["kty"]]}

    def __repr__(self) -> str:
        return f"<Key {self.key_id!r} for {self.algorithm}>"


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """Return the RFC 7638 thumbprint of a public JWK: its required members, hashed.

    Raises:
        KeyProblem: the key type is not supported, or a required member is missing.

    """
    try:
        members = {name: jwk[name] for name in _REQUIRED[jwk["kty"]]}
    except KeyError as error:
        raise KeyProblem(f"The JWK has no {error.args[0]!r} that is supported.") from None
    canonical = json.dumps(members, separators=(",", ":"), sort_keys=True)
    return base64url.encode(hashlib.sha256(canonical.encode()).digest()).decode()


def is_private(jwk: Mapping[str, Any]) -> bool:
    """Whether a JWK holds what nobody but its owner may have."""
    return bool(_PRIVATE & jwk.keys())


def _require_secret(secret: bytes) -> None:
    if len(secret) < MIN_SECRET_BYTES:
        raise KeyProblem(
            f"The secret has {len(secret)} bytes; HS256 wants {MIN_SECRET_BYTES} or more. "
            'Make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    # PyJWT refuses these since 2.14; a published key as secret would let anybody sign.
    if secret.lstrip()[:1] in {b"{", b"["} or _is_der(secret):
        raise KeyProblem("The secret is a key in JSON or DER: read it as one, or make a secret.")


def _is_der(secret: bytes) -> bool:
    """Whether the bytes are one whole SEQUENCE, as every DER key is."""
    length = secret[1] - 128 if secret[1] > 128 else 0  # noqa: PLR2004 -- X.690 §8.1.3
    says = int.from_bytes(secret[2 : 2 + length], "big") if length else secret[1]
    return secret[0] == 0x30 and says == len(secret) - 2 - length  # noqa: PLR2004 -- SEQUENCE


def _require_curve(algorithm: str, jwk: Mapping[str, Any]) -> None:
    wanted = {algorithms.ES256: "P-256", algorithms.ED25519: "Ed25519"}[algorithm]
    if jwk["crv"] != wanted:
        raise KeyProblem(f"{algorithm} wants a key on {wanted}; this one is on {jwk['crv']}.")
