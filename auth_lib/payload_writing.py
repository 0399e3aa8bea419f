"""The claims as they stand in a token, written so that equal claims are equal texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .claims import Claims
from .contexts import Context


def write(claims: Claims) -> dict[str, Any]:
    """Return the payload of claims: what says nothing is left out, and lists are sorted."""
    optional: dict[str, Any] = {
        "jti": claims.token_id,
        "full_name": claims.full_name,
        "deny": _written(claims.refusals),
        "trunc": sorted(claims.truncated),
        "asked": _written(claims.asked),
        "view_as": claims.viewed
        and {"role": claims.viewed.role, "context": str(claims.viewed.context)},
        "act": claims.actor and {"sub": claims.actor},
    }
    return {
        **claims.extra,
        "iss": claims.issuer,
        "aud": list(claims.audience),
        "sub": claims.subject,
        "iat": claims.issued_at,
        **({"nbf": claims.not_before} if claims.not_before else {}),
        "exp": claims.expires_at,
        "gen": claims.generation,
        "roles": _written_roles(claims.grants.by_type()),
        **{name: value for name, value in optional.items() if value},
    }


def _written(contexts: Iterable[Context]) -> list[str]:
    return sorted(str(context) for context in contexts)


def _written_roles(
    by_type: Mapping[str, Mapping[str, frozenset[str]]],
) -> dict[str, dict[str, list[str]]]:
    return {
        type_: {role: sorted(ids, key=_natural) for role, ids in sorted(by_role.items())}
        for type_, by_role in sorted(by_type.items())
    }


def _natural(id_: str) -> tuple[int, str]:
    return (len(id_), id_)
