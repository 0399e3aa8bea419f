"""Tokens for the tests of a service: real ones, signed with a key that nobody else has.

.. code-block:: python

    with auth_lib.testing.configured() as issuer:
        token = issuer.token("7", roles={"course": {"teacher": ["42"]}})
        assert auth_lib.is_authorized(token, "course", "42", "teacher")
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from . import configured as this_process
from .claims import Claims, TokenGrants
from .contexts import Context
from .freshness import GenerationSource
from .gates import Gate
from .keys import Key
from .policy import Policy
from .signer import TokenSigner
from .verifier import TokenVerifier

ISSUER = "https://issuer.test"
AUDIENCE = "service.test"
LIFETIME_SECONDS = 300
KEY = Key.generate("HS256")
"""Signs what :func:`make_token` makes, and :func:`configured` accepts; new in each process."""


class Issuer:
    """Issues tokens to a test, as the monolith would.

    Args:
        key: by default a new secret; ``Key.generate()`` makes an Ed25519 one.
        issuer: ``iss`` of the tokens.
        audience: ``aud`` of the tokens.
        clock: tells the seconds since 1970.

    """

    def __init__(
        self,
        key: Key | None = None,
        *,
        issuer: str = ISSUER,
        audience: str = AUDIENCE,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.key = key or Key.generate("HS256")
        self.issuer = issuer
        self.audience = audience
        self.clock = clock
        self._signer = TokenSigner(self.key)

    def claims(
        self,
        subject: str = "1",
        *,
        roles: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
        deny: Sequence[str] = (),
        asked: Sequence[str] = (),
        lifetime: int = LIFETIME_SECONDS,
        **others: Any,
    ) -> Claims:
        """Return claims issued now.

        Args:
            subject: the id.
            roles: as on the wire: ``{"course": {"teacher": ["42"]}}``.
            deny: the refused contexts: ``["course:9"]``.
            asked: the contexts asked for by name.
            lifetime: in seconds; negative for a token that is over.
            others: any other attribute of :class:`auth_lib.Claims`.

        """
        now = int(self.clock())
        issued = {"issued_at": now + min(lifetime, 0) - 1, "expires_at": now + lifetime}
        usual = {"issuer": self.issuer, "audience": (self.audience,), **issued}
        return Claims(
            subject=subject,
            grants=TokenGrants(roles or {}),
            refusals=frozenset(map(Context.parse, deny)),
            asked=frozenset(map(Context.parse, asked)),
            **{**usual, **others},
        )

    def token(self, subject: str = "1", **claims: Any) -> str:
        """Return a token; the arguments are those of :meth:`claims`."""
        return self._signer.sign(self.claims(subject, **claims))

    def headers(self, subject: str = "1", **claims: Any) -> dict[str, str]:
        """Return the headers of a request with such a token."""
        return {"Authorization": f"Bearer {self.token(subject, **claims)}"}

    def gate(
        self, *, policy: Policy | None = None, generations: GenerationSource | None = None
    ) -> Gate:
        """Return a gate that accepts these tokens."""
        verifier = TokenVerifier(
            issuer=self.issuer, audience=self.audience, keys=self.key, clock=self.clock
        )
        return Gate(verifier, policy=policy, generations=generations)


def make_token(subject: str = "1", *, key: Key = KEY, **claims: Any) -> str:
    """Return a token signed with a key; the other arguments are those of :meth:`Issuer.claims`."""
    return Issuer(key).token(subject, **claims)


@contextmanager
def configured(
    issuer: Issuer | None = None,
    *,
    policy: Policy | None = None,
    generations: GenerationSource | None = None,
) -> Iterator[Issuer]:
    """Let ``auth_lib.is_authorized`` and its like accept the tokens of an issuer for a while.

    Args:
        issuer: by default one that signs with :data:`KEY`, as :func:`make_token` does.
        policy: of the issuer.
        generations: tells of changes.

    """
    found = issuer or Issuer(KEY)
    with this_process.instead(found.gate(policy=policy, generations=generations)):
        yield found
