"""The compact serialisation of a signed token (RFC 7515 §7.1): its parts and its header."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from . import base64url, strict_json
from .token_errors import HeaderRefused, MalformedToken, TokenMissing, TokenTooLarge

MAX_HEADER_BYTES = 1024
_KID_MAX_LENGTH = 256
# "crit" names extensions that must be understood, and none is; "b64" takes the payload out of
# its encoding (RFC 7797); the others belong to encrypted or compressed tokens.
_REFUSED = frozenset({"crit", "b64", "zip", "enc"})


class Header(NamedTuple):
    """What a verifier reads of a header.

    Attributes:
        algorithm: ``alg``.
        type: ``typ``, in lower case and without ``application/``; empty without one.
        key_id: ``kid``; None without one.

    """

    algorithm: str
    type: str
    key_id: str | None


class Compact(NamedTuple):
    """A token in its parts, the payload not yet read.

    Attributes:
        header: read.
        signed: the bytes that the signature is over.
        payload: as it stands in the token.
        signature: the raw bytes.

    """

    header: Header
    signed: bytes
    payload: bytes
    signature: bytes


def raw_bytes(token: object, max_bytes: int) -> bytes:
    """Return a token as bytes; its size is judged before anything else.

    Raises:
        TokenMissing, TokenTooLarge, MalformedToken: there is none, or none that can be one.

    """
    if not isinstance(token, (str, bytes)) or not token:
        raise TokenMissing("There is no token.")
    if len(token) > max_bytes:
        raise TokenTooLarge(f"The token has more than {max_bytes} bytes.")
    if isinstance(token, bytes):
        return token
    try:
        return token.encode("ascii")
    except UnicodeEncodeError:
        raise MalformedToken("The token holds characters that no token has.") from None


def split(raw: bytes) -> Compact:
    """Take a token apart.

    Raises:
        MalformedToken, HeaderRefused: see there.

    """
    signed, dot, signature = raw.rpartition(b".")
    head, other_dot, payload = signed.partition(b".")
    if not dot or not other_dot or b"." in payload or len(head) > MAX_HEADER_BYTES:
        raise MalformedToken("The token does not have three parts with a short header.")
    header = read_header(head)
    try:
        return Compact(header, signed, payload, base64url.decode(signature))
    except ValueError:
        raise MalformedToken("The signature is not canonical base64url.") from None


@lru_cache(maxsize=64)
def read_header(head: bytes) -> Header:
    """Read the header; all tokens of one key have the same, so the last ones are kept.

    Raises:
        MalformedToken: it is no JSON object in base64url, or a member has a wrong type.
        HeaderRefused: it has a member that this verifier must not accept.

    """
    try:
        found = strict_json.loads(base64url.decode(head))
    except ValueError:
        raise MalformedToken("The header is no JSON object in canonical base64url.") from None
    if type(found) is not dict or type(found.get("alg")) is not str:
        raise MalformedToken("The header is no JSON object that names an algorithm.")
    if refused := _REFUSED & found.keys():
        raise HeaderRefused(f"The header has {', '.join(sorted(refused))}; it must not.")
    return Header(found["alg"], _type(found), _key_id(found))


def _type(header: dict[str, Any]) -> str:
    found = header.get("typ", "")
    if type(found) is not str:
        raise MalformedToken("The member typ of the header is no text.")
    return found.lower().removeprefix("application/")


def _key_id(header: dict[str, Any]) -> str | None:
    found = header.get("kid")
    if "kid" not in header:
        return None
    if type(found) is str and 0 < len(found) <= _KID_MAX_LENGTH:
        return found
    raise MalformedToken("The member kid of the header is no text, or too long.")
