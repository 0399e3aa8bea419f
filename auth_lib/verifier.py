"""From a token to its claims, or to the reason why not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from . import jws, strict_json
from .cache import VerifiedTokens
from .claims import Claims
from .compact import raw_bytes, split
from .errors import NotConfigured
from .key_sets import KeySource, key_source
from .keys import Key
from .payload import read
from .token_errors import (
    InvalidClaims,
    MalformedToken,
    TokenExpired,
    TokenNotYetValid,
    WrongAudience,
    WrongIssuer,
)

DEFAULT_TYPE = "at+jwt"
MAX_TOKEN_BYTES = 16_384
LEEWAY_SECONDS = 10


class TokenVerifier:
    """Verifies the tokens of one issuer for one service.

    Nothing of a token is believed before its signature is good, and nothing is read of it that
    the size does not allow: what a forger can cost is a hash over ``max_bytes``.

    Args:
        issuer: who must have issued the token, as ``iss`` says it.
        audience: this service, as it must stand in ``aud``.
        keys: the issuer's key, keys, or a source of them.
        leeway: how far the clocks may differ, in seconds.
        types: the accepted ``typ`` of the header, in lower case (RFC 8725 §3.11).
        max_bytes: how large a token may be.
        cache: keeps what was verified; None: each token is verified each time.
        clock: tells the seconds since 1970.

    Raises:
        NotConfigured: the issuer or the audience is empty, or no text.
        KeyProblem: the keys are none, or cannot stand together.

    """

    def __init__(
        self,
        *,
        issuer: str,
        audience: str,
        keys: KeySource | Key | Iterable[Key],
        leeway: int = LEEWAY_SECONDS,
        types: Iterable[str] = (DEFAULT_TYPE,),
        max_bytes: int = MAX_TOKEN_BYTES,
        cache: VerifiedTokens | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.issuer = _named("issuer", issuer)
        self.audience = _named("audience", audience)
        self.keys = key_source(keys)
        self.leeway = leeway
        self.max_bytes = max_bytes
        self.clock = clock
        self._types = frozenset(types)
        self._cache = cache

    def verify(self, token: object) -> Claims:
        """Return the claims of a token.

        Args:
            token: text or bytes, without the word ``Bearer``.

        Raises:
            TokenError: it is not accepted; the class and its ``code`` say why. No other error is
                raised, whatever the bytes.

        """
        raw = raw_bytes(token, self.max_bytes)
        if self._cache is None:
            return self._in_time(self._read(raw))
        digest = self._cache.digest(raw)
        version = self.keys.version
        claims = self._cache.get(digest, version)
        if claims is None:
            claims = self._in_time(self._read(raw))
            self._cache.put(digest, version, claims)
        elif not self.in_time(claims):
            self._cache.drop(digest)
        return self._in_time(claims)

    def would_wait(self, token: object) -> bool:
        """Whether :meth:`verify` would wait for the network: then call it in a thread.

        Raises:
            TokenError: the token cannot be good.

        """
        if not self.keys.waits:
            return False
        return self.keys.would_wait(split(raw_bytes(token, self.max_bytes)).header)

    def in_time(self, claims: Claims) -> bool:
        """Whether claims that were verified before hold at this moment."""
        return self.clock() < claims.expires_at + self.leeway

    def _read(self, raw: bytes) -> Claims:
        payload = jws.verified(raw, self.keys, self._types)
        try:
            found = strict_json.loads(payload)
        except ValueError:
            raise MalformedToken("The payload is no JSON that has one meaning.") from None
        claims = read(found)
        if claims.issuer != self.issuer:
            raise WrongIssuer("The token was issued by somebody else (iss).")
        if self.audience not in claims.audience:
            raise WrongAudience("The token was issued for another service (aud).")
        if max(claims.issued_at, claims.not_before) > self.clock() + self.leeway:
            raise TokenNotYetValid("The time of the token has not begun (iat, nbf).")
        if claims.expires_at <= claims.issued_at:
            raise InvalidClaims("The token ends before it begins (iat, exp).")
        return claims

    def _in_time(self, claims: Claims) -> Claims:
        if self.in_time(claims):
            return claims
        raise TokenExpired("The time of the token is over (exp).")


def _named(what: str, value: object) -> str:
    if isinstance(value, str) and value:
        return value
    raise NotConfigured(f"{what}={value!r}: name the one {what} whose tokens are accepted.")
