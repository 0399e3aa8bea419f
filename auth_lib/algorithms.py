"""The one door to PyJWT: the signature algorithms that tokens may have.

PyJWT does the cryptography and refuses keys of the wrong kind; what a token may look like is
judged elsewhere.
"""

from __future__ import annotations

import secrets
from typing import Any, Final

import jwt.algorithms
from jwt.exceptions import InvalidKeyError

from .errors import KeyProblem

HS256: Final = "HS256"
ES256: Final = "ES256"
ED25519: Final = "Ed25519"
NAMES = (HS256, ES256, ED25519)

# RFC 9864 gives the algorithm a name of its own; "EdDSA" is the older one, which says less.
_ALSO_CALLED = {"EdDSA": ED25519}
_AT_PYJWT = {HS256: "HS256", ES256: "ES256", ED25519: "EdDSA"}


def canonical(name: str) -> str:
    """Return the name by which keys call an algorithm that a header names."""
    return _ALSO_CALLED.get(name, name)


def implementation(name: str) -> jwt.algorithms.Algorithm:
    """Return PyJWT's implementation of an algorithm.

    Raises:
        KeyProblem: the algorithm is not among ``NAMES``, or ``cryptography`` is missing.

    """
    if name not in NAMES:
        raise KeyProblem(f"{name!r} is not supported: take {', '.join(NAMES)}.")
    found = jwt.algorithms.get_default_algorithms().get(_AT_PYJWT[name])
    if found is None:
        raise KeyProblem(f"{name} needs the package cryptography: pip install PyJWT[crypto]")
    return found


def prepare(algorithm: jwt.algorithms.Algorithm, key: Any) -> Any:
    """Return the key as the algorithm wants it.

    Raises:
        KeyProblem: it is a key of another kind, such as a public key given as a secret.

    """
    try:
        return algorithm.prepare_key(key)
    except (InvalidKeyError, TypeError, ValueError) as error:
        raise KeyProblem(f"The key cannot be used: {error}") from error


def generate(name: str) -> Any:
    """Return a new key of an algorithm.

    Raises:
        KeyProblem: see :func:`implementation`.

    """
    implementation(name)
    if name == HS256:
        return secrets.token_urlsafe(48).encode()
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519

    return {
        ES256: lambda: ec.generate_private_key(ec.SECP256R1()),
        ED25519: ed25519.Ed25519PrivateKey.generate,
    }[name]()


def to_pem(key: Any) -> str:
    """Return a private key as PKCS #8 in PEM, unencrypted."""
    from cryptography.hazmat.primitives import serialization

    pem: bytes = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return pem.decode("ascii")


def from_jwk(algorithm: jwt.algorithms.Algorithm, jwk: dict[str, Any]) -> Any:
    """Return the key that a JWK holds.

    Raises:
        KeyProblem: it holds none of this algorithm.

    """
    try:
        return algorithm.from_jwk(jwk)
    except (InvalidKeyError, KeyError, TypeError, ValueError) as error:
        raise KeyProblem(f"The JWK cannot be used: {error}") from error


def to_jwk(algorithm: jwt.algorithms.Algorithm, key: Any) -> dict[str, Any]:
    """Return a key as a JWK, with its private part if it has one."""
    return dict(algorithm.to_jwk(key, as_dict=True))
