"""Why no token is issued: each with the status and the code that a client acts on."""

from __future__ import annotations

from ..errors import AuthMigrationError


class TokenRefused(AuthMigrationError):
    """No token is issued.

    Attributes:
        code: stable, for programs.
        status: of HTTP.
        retry_after: seconds after which asking again makes sense; 0: never.

    """

    code = "token_refused"
    status = 403
    retry_after = 0


class NotSignedIn(TokenRefused):
    """A session was to be exchanged, and nobody is signed in."""

    code = "not_signed_in"
    status = 401


class RefreshMissing(TokenRefused):
    """No refresh token came along."""

    code = "refresh_missing"
    status = 401


class RefreshInvalid(TokenRefused):
    """The refresh token is none of ours."""

    code = "refresh_invalid"
    status = 401


class RefreshExpired(TokenRefused):
    """The device was signed in for too long."""

    code = "refresh_expired"
    status = 401


class RefreshRevoked(TokenRefused):
    """The family was ended: signed out, password changed, revoked."""

    code = "refresh_revoked"
    status = 401


class RefreshReused(TokenRefused):
    """An old refresh token came again, so that somebody else may hold the new one."""

    code = "refresh_reused"
    status = 401


class Inactive(TokenRefused):
    """The account is closed."""

    code = "inactive"
    status = 403


class TokensDisabled(TokenRefused):
    """Tokens are off for this subject; sessions go on, and refresh tokens stay good."""

    code = "tokens_disabled"
    status = 409
    retry_after = 60


class ClientInvalid(TokenRefused):
    """A program that is not known, or has another secret."""

    code = "invalid_client"
    status = 401


class NoSuchDevice(TokenRefused):
    """A device that the user does not have."""

    code = "no_such_device"
    status = 404


class ViewRefused(TokenRefused):
    """A view as a role that the user's own roles do not allow."""

    code = "view_as_refused"
    status = 403


class RateLimited(TokenRefused):
    """Too many requests."""

    code = "rate_limited"
    status = 429
    retry_after = 10


class BadRequest(TokenRefused):
    """The request cannot be read."""

    code = "invalid_request"
    status = 400
