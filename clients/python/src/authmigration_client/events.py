"""What a client tells about itself, and what it raises. Neither holds a token. Protocol §11."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the session.

    Attributes:
        type: ``refreshed``, ``refresh_failed``, ``disabled``, ``signed_out`` or ``not_retried``.
        reason: why: a code of the issuer, or a name from the protocol.
        retry_after: seconds until the client asks again; None: not by itself, or no matter.
        skew: seconds by which the issuer's clock is ahead of this one, after a refresh.

    """

    type: str
    reason: str
    retry_after: float | None = None
    skew: float | None = None


class AuthError(Exception):
    """The root of what this client raises.

    Attributes:
        code: does not change; the text is for people.
        reason: the code of the issuer or the fault behind it: ``http_503``, ``network``.

    """

    code = "auth_error"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"{self.code}: {reason}")


class Unavailable(AuthError):
    """A token is needed, and none can be had now.

    Attributes:
        retry_after: seconds after which another try makes sense.

    """

    code = "unavailable"

    def __init__(self, reason: str, retry_after: float = 0) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class NotRevoked(AuthError):
    """A sign-out that did not reach the issuer: this client is out, the family lives on."""

    code = "not_revoked"
