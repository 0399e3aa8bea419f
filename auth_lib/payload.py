"""The claims as they stand in a token, read strictly.

The shape is described in docs/reference/service-protocol.md and pinned by
tests/vectors/tokens.json.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from . import strict_json
from .claims import Claims, TokenGrants, ViewedRole
from .contexts import Context, valid_id, valid_type
from .errors import InvalidContext
from .token_errors import InvalidClaims

_MAX_TEXT = 1024
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")


def read(payload: Any) -> Claims:
    """Return the claims of a payload.

    Raises:
        InvalidClaims: one is missing or has another shape; the text names it.

    """
    if type(payload) is not dict:
        raise InvalidClaims("The payload is not a JSON object.")
    found: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    name = ""
    try:
        for name, value in payload.items():
            if (known := _CLAIMS.get(name)) is None:
                strict_json.require_depth(value)
                extra[name] = value
            else:
                attribute, convert = known
                found[attribute] = convert(value)
    except (TypeError, ValueError):
        raise InvalidClaims(f"The claim {name[:64]!r} has a shape that it must not have.") from None
    if not payload.keys() >= _REQUIRED:
        missing = ", ".join(sorted(_REQUIRED - payload.keys()))
        raise InvalidClaims(f"The token lacks a claim that it must have: {missing}.")
    if extra:
        found["extra"] = MappingProxyType(extra)
    return Claims(**found)


def _text(value: Any) -> str:
    if type(value) is str and 0 < len(value) <= _MAX_TEXT and value.isprintable():
        return value
    raise ValueError


def _anything_written(value: Any) -> str:
    if type(value) is str:
        return value
    raise ValueError


def _id(value: Any) -> str:
    if type(value) is str:
        return valid_id(value)
    raise ValueError


def _count(value: Any) -> int:
    if type(value) is int and value >= 0:
        return value
    raise ValueError


def _audience(value: Any) -> tuple[str, ...]:
    return (_text(value),) if type(value) is str else tuple(map(_text, _list(value)))


def _list(value: Any) -> list[Any]:
    if type(value) is list and value:
        return value
    raise ValueError


def _mapping(value: Any) -> dict[str, Any]:
    if type(value) is dict:
        return value
    raise ValueError


def _grants(value: Any) -> TokenGrants:
    found = _mapping(value)
    for type_, by_role in found.items():
        valid_type(type_)
        for role, ids in _mapping(by_role).items():
            _name(role)
            # Joined, 500 ids are judged at once: one that is no text is a TypeError. How they
            # read is not judged, since they are only ever compared with what a service asks.
            "".join(_list(ids))
    return TokenGrants(found)


def _name(value: Any) -> str:
    if type(value) is str and _NAME.match(value):
        return value
    raise ValueError


def _types(value: Any) -> frozenset[str]:
    return frozenset(valid_type(each) for each in _list(value))


def _contexts(value: Any) -> frozenset[Context]:
    return frozenset(map(_context, _list(value)))


def _context(value: Any) -> Context:
    if type(value) is str:
        return Context.parse(value)
    raise InvalidContext("no text")


def _viewed(value: Any) -> ViewedRole:
    found = _mapping(value)
    if found.keys() != {"role", "context"}:
        raise ValueError
    return ViewedRole(_name(found["role"]), _context(found["context"]))


def _actor(value: Any) -> str:
    found = _mapping(value)
    if "sub" not in found:
        raise ValueError
    return _id(found["sub"])


_REQUIRED = frozenset({"iss", "aud", "sub", "iat", "exp"})
_CLAIMS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "iss": ("issuer", _text),
    "aud": ("audience", _audience),
    "sub": ("subject", _id),
    "iat": ("issued_at", _count),
    "nbf": ("not_before", _count),
    "exp": ("expires_at", _count),
    "jti": ("token_id", _text),
    "full_name": ("full_name", _anything_written),
    "roles": ("grants", _grants),
    "deny": ("refusals", _contexts),
    "gen": ("generation", _count),
    "trunc": ("truncated", _types),
    "asked": ("asked", _contexts),
    "view_as": ("viewed", _viewed),
    "act": ("actor", _actor),
}
