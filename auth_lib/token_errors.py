"""Why a token is not accepted: one tree, each leaf with a stable code."""

from __future__ import annotations

from .errors import AuthError


class TokenError(AuthError):
    """A token that is not accepted; nothing else is ever raised for one, whatever its bytes.

    The text never holds anything of the token, so it may be logged and sent to the client.

    Attributes:
        code: stable, for programs; listed in docs/reference/service-protocol.md.

    """

    code = "invalid_token"


class TokenMissing(TokenError):
    """No token came along, or not in the one place where it belongs."""

    code = "missing_token"


class MalformedToken(TokenError):
    """Not three canonical base64url parts with JSON objects in the first two (RFC 7515)."""

    code = "malformed_token"


class TokenTooLarge(TokenError):
    """More bytes than the verifier reads."""

    code = "token_too_large"


class HeaderRefused(TokenError):
    """A header that asks for what is not supported: ``crit``, ``b64``, another ``typ``."""

    code = "header_refused"


class AlgorithmRefused(TokenError):
    """An algorithm that no key of the issuer is for."""

    code = "algorithm_refused"


class UnknownKey(TokenError):
    """No key of the issuer has the token's ``kid``."""

    code = "unknown_key"


class KeysUnavailable(TokenError):
    """The issuer's keys cannot be fetched now: the token may be good. Answer 503, not 401."""

    code = "keys_unavailable"


class BadSignature(TokenError):
    """Not signed with the key that it names."""

    code = "bad_signature"


class InvalidClaims(TokenError):
    """Well signed, and yet a claim is missing or has another shape than the protocol says."""

    code = "invalid_claims"


class WrongIssuer(TokenError):
    """Issued by somebody else."""

    code = "wrong_issuer"


class WrongAudience(TokenError):
    """Issued for another service."""

    code = "wrong_audience"


class TokenExpired(TokenError):
    """Its time is over (``exp``)."""

    code = "token_expired"


class TokenNotYetValid(TokenError):
    """Its time has not begun (``iat``, ``nbf``): the clocks differ by more than the leeway."""

    code = "token_not_yet_valid"


class TokenStale(TokenError):
    """Issued before the moment from which on the issuer wants its tokens renewed."""

    code = "stale"
