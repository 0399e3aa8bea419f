"""Reading a JWK strictly (RFC 7517): what it is for, one algorithm, full-length numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import algorithms, base64url
from .errors import KeyProblem
from .keys import Key, is_private

_ALGORITHM_OF = {
    ("oct", None): algorithms.HS256,
    ("EC", "P-256"): algorithms.ES256,
    ("OKP", "Ed25519"): algorithms.ED25519,
}
_NUMBERS = ("x", "y", "d")
_NUMBER_BYTES = 32


def algorithm_of(jwk: Mapping[str, Any]) -> str | None:
    """Return the one algorithm that a JWK is for; None where it is not among the supported."""
    kty, crv = jwk.get("kty"), jwk.get("crv")
    if type(kty) is not str or not isinstance(crv, (str, type(None))):
        return None
    return _ALGORITHM_OF.get((kty, crv))


def is_for_signatures(jwk: Mapping[str, Any]) -> bool:
    """Whether a JWK may verify a signature, by its ``use`` and its ``key_ops``."""
    operations = jwk.get("key_ops", ["verify"])
    if jwk.get("use", "sig") != "sig" or type(operations) is not list:
        return False
    return "verify" in operations or ("sign" in operations and is_private(jwk))


def read(jwk: Mapping[str, Any]) -> Key:
    """Return the key that a JWK holds, private or public.

    Raises:
        KeyProblem: it is for something else, names another algorithm, or is not well formed.

    """
    algorithm = algorithm_of(jwk)
    if algorithm is None:
        raise KeyProblem("The JWK has a kty or crv that is not supported.")
    if algorithms.canonical(str(jwk.get("alg", algorithm))) != algorithm:
        raise KeyProblem(f"The JWK can be for {algorithm} alone, and names another algorithm.")
    if not is_for_signatures(jwk):
        raise KeyProblem("The JWK is not for verifying signatures: see its use and key_ops.")
    for name in _NUMBERS:
        if name in jwk:
            _require_number(name, jwk[name])
    material = algorithms.from_jwk(algorithms.implementation(algorithm), _bare(jwk))
    return Key(algorithm, material, _key_id(jwk))


def _bare(jwk: Mapping[str, Any]) -> dict[str, Any]:
    return {name: jwk[name] for name in ("kty", "crv", "x", "y", "d", "k") if name in jwk}


def _require_number(name: str, value: object) -> None:
    try:
        found = base64url.decode(value.encode("ascii")) if isinstance(value, str) else b""
    except ValueError:
        found = b""
    if len(found) != _NUMBER_BYTES:
        raise KeyProblem(f"The member {name!r} of the JWK is not {_NUMBER_BYTES} bytes.")


def _key_id(jwk: Mapping[str, Any]) -> str | None:
    found = jwk.get("kid")
    if found is None or (type(found) is str and found):
        return found
    raise KeyProblem("The kid of the JWK is no text.")
