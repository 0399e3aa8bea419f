"""What a service says over HTTP when it refuses, and how a client learns to refresh.

Framework-free: the adapters in ``auth_lib.contrib`` send what is decided here. The shape is
described in docs/reference/service-protocol.md.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import quote

from .claims import Claims
from .decisions import Decision, Reason
from .freshness import Freshness
from .token_errors import (
    KeysUnavailable,
    MalformedToken,
    TokenError,
    TokenExpired,
    TokenMissing,
    TokenStale,
    UnknownKey,
)

REFRESH_HEADER = "X-Auth-Refresh"
CLIENT_HEADER = "X-Auth-Client"
BEHIND = "behind"
MAYBE_BEHIND = "maybe_behind"
YOUNG_SECONDS = 60
RETRY_SECONDS = 10
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

_CLIENT = re.compile(r"[\w!#$%&'*+.^`|~-]+/[\w!#$%&'*+.^`|~-]+", re.ASCII)
_UNAUTHORIZED, _FORBIDDEN, _UNAVAILABLE = 401, 403, 503
_HELPED_BY_REFRESH = (TokenExpired, TokenStale, UnknownKey)
_MAY_CHANGE = frozenset({Reason.NO_ROLE, Reason.REFUSED})


class Refusal(NamedTuple):
    """An answer that is not the one that was asked for.

    Attributes:
        status: of HTTP.
        code: stable, for programs.
        message: for people.
        headers: beside those of the body.
        context: which one the next token must name; empty where none.

    """

    status: int
    code: str
    message: str
    headers: dict[str, str]
    context: str = ""

    @property
    def body(self) -> dict[str, Any]:
        """What is sent as JSON."""
        about = {"context": self.context} if self.context else {}
        return {"detail": {"code": self.code, "message": self.message, **about}}


def token_of(values: list[bytes]) -> bytes:
    """Return the token of the ``Authorization`` headers of one request (RFC 6750 §2.1).

    Raises:
        TokenMissing: there is none, or it is of another scheme.
        MalformedToken: there are two: whoever stands in front may have read the other.

    """
    if len(values) > 1:
        raise MalformedToken("The request has more than one Authorization header.")
    if values and values[0][:7].lower() == b"bearer ":
        return values[0][7:]
    raise TokenMissing("There is no token: send Authorization: Bearer and the token.")


def of_error(error: TokenError) -> Refusal:
    """Return what to say to a token that is not accepted."""
    if isinstance(error, KeysUnavailable):
        headers = {"Retry-After": str(RETRY_SECONDS)}
        return Refusal(_UNAVAILABLE, error.code, str(error), headers)
    headers = {"WWW-Authenticate": "Bearer"}
    if not isinstance(error, TokenMissing):
        headers["WWW-Authenticate"] += f' error="invalid_token", error_description="{error.code}"'
    if isinstance(error, _HELPED_BY_REFRESH):
        headers[REFRESH_HEADER] = error.code
    return Refusal(_UNAUTHORIZED, error.code, str(error), headers)


def of_denial(
    decision: Decision, claims: Claims, known: Freshness, *, now: float, client: str = ""
) -> Refusal:
    """Return what to say to a denial: refresh and ask again, or no.

    A client is sent to refresh (401 ``insufficient_claims``) only where a new token may bring
    another answer, and only if it has said that it can.

    Args:
        decision: what was answered.
        claims: of the token.
        known: of changes since it was issued.
        now: in seconds since 1970.
        client: what the client sent as ``X-Auth-Client``.

    """
    if decision.reason in {Reason.EXPIRED, Reason.UNAUTHENTICATED}:
        return of_error(TokenExpired("The time of the token is over (exp)."))
    reason = _why_refresh(decision, claims, known, now)
    if reason is None or not can_refresh(client):
        return Refusal(_FORBIDDEN, decision.reason.value, "This is not allowed.", {})
    context = str(decision.because[1]) if decision.because and not decision.known else ""
    challenge = f'Bearer error="insufficient_claims", error_description="{reason}"'
    if context:
        challenge += f', context="{quote(context, safe=":")}"'
    headers = {"WWW-Authenticate": challenge, REFRESH_HEADER: reason}
    message = "The token cannot tell; get a new one, and ask again."
    return Refusal(_UNAUTHORIZED, reason, message, headers, context)


def of_read_only(claims: Claims) -> Refusal:
    """Return what to say to a change that is tried with a read-only token."""
    reason = Reason.VIEW_AS_READ_ONLY if claims.viewed else Reason.ACTING_READ_ONLY
    return Refusal(_FORBIDDEN, reason.value, "With this token nothing may be changed.", {})


def hint_for(claims: Claims, known: Freshness) -> str | None:
    """Return the value of ``X-Auth-Refresh`` for any response to a token; None for none."""
    return BEHIND if known.is_behind(claims) else None


def can_refresh(client: str) -> bool:
    """Whether a client says that it keeps to the client protocol: ``name/version``, two tokens.

    A token is that of RFC 9110 §5.6.2.
    """
    return _CLIENT.fullmatch(client) is not None


def _why_refresh(decision: Decision, claims: Claims, known: Freshness, now: float) -> str | None:
    if not decision.known:
        return decision.reason.value
    if decision.reason not in _MAY_CHANGE:
        return None
    behind = known.is_behind(claims)
    if behind:
        return BEHIND
    old = now - claims.issued_at > YOUNG_SECONDS
    return MAYBE_BEHIND if behind is None and old else None
