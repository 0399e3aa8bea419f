"""Making tokens, also those that no signer would make."""

import json
from dataclasses import dataclass
from typing import Any

from auth_lib import base64url, jwk
from auth_lib.keys import Key

ISSUER = "https://lms.example"
AUDIENCE = "gradebook"
NOW = 1_767_225_600
LEEWAY = 10
SECRET = b"a shared secret of the test vectors, forty-eight b."
OTHER_SECRET = b"another secret, which this service has never seen."

# The private key of RFC 8037 A.1, and the key pair of RFC 7515 A.3.
ED25519 = jwk.read(
    {
        "kty": "OKP",
        "crv": "Ed25519",
        "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    }
)
ES256 = jwk.read(
    {
        "kty": "EC",
        "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
    }
)
SHARED = Key.from_secret(SECRET)
KEYS = {"shared": SHARED, "ed25519": ED25519, "es256": ES256}

HEADER = {"alg": "HS256", "typ": "at+jwt"}
PAYLOAD: dict[str, Any] = {
    "iss": ISSUER,
    "aud": [AUDIENCE],
    "sub": "7",
    "iat": NOW - 60,
    "exp": NOW + 240,
    "jti": "2f1c",
    "gen": 3,
    "roles": {"course": {"student": ["567"], "teacher": ["123", "345"]}},
}


@dataclass(frozen=True, slots=True)
class Vector:
    """One token and what must come of it.

    Attributes:
        name: a sentence.
        token: as it is sent.
        error: the code; empty where the token is good.
        claims: the canonical payload of a good one.
        keys: the names of those that the service has.
        now: the time of the question.

    """

    name: str
    token: str
    error: str = ""
    claims: dict[str, Any] | None = None
    keys: tuple[str, ...] = ("shared",)
    now: int = NOW

    def as_json(self) -> dict[str, Any]:
        """Return it as it stands in the file."""
        expected = {"error": self.error} if self.error else {"claims": self.claims}
        found = {"name": self.name, "token": self.token, "keys": list(self.keys)}
        return {**found, **({"now": self.now} if self.now != NOW else {}), **expected}


def text_of(part: object) -> bytes:
    """Return a part of a token before its encoding; bytes and text go as they are."""
    if isinstance(part, bytes):
        return part
    return (part if isinstance(part, str) else json.dumps(part, separators=(",", ":"))).encode()


def token(header: object = None, payload: object = None, key: Key = SHARED) -> str:
    """Return a well signed token of any header and payload."""
    head = base64url.encode(text_of(HEADER if header is None else header))
    body = base64url.encode(text_of(PAYLOAD if payload is None else payload))
    return signed(head + b"." + body, key)


def signed(message: bytes, key: Key = SHARED) -> str:
    """Return header and payload with a signature behind them."""
    return (message + b"." + base64url.encode(key.sign(message))).decode()


def header(**members: Any) -> dict[str, Any]:
    """Return the usual header with other members; None takes one out."""
    return {k: v for k, v in {**HEADER, **members}.items() if v is not None}


def payload(**claims: Any) -> dict[str, Any]:
    """Return the usual payload with other claims; None takes one out."""
    return {k: v for k, v in {**PAYLOAD, **claims}.items() if v is not None}


def good(name: str, sent: dict[str, Any] | None = None, **others: Any) -> Vector:
    """Return a good token whose canonical payload is what was sent."""
    content = PAYLOAD if sent is None else sent
    return Vector(name, token(payload=content), claims=content, **others)


def bad(name: str, error: str, text: str, **others: Any) -> Vector:
    """Return a token that is refused."""
    return Vector(name, text, error, **others)
