"""Tokens for a program of its own, without a user: client credentials (RFC 6749 §4.4)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from urllib.parse import quote_plus

import httpx

from .auth import NAME, TokenAuth
from .events import Event


class ProgramAuth(TokenAuth):
    """``httpx.Client(auth=ProgramAuth(...))``: the program calls as ``service:<client_id>``.

    The token is asked for at the first request and again when it is about to end; there is no
    refresh token, so nothing is stored. A request that bears an ``Authorization`` of its own goes
    out untouched: that is how a call made *for a user* forwards that user's token.

    A request raises :class:`~authmigration_client.Unavailable` where no token can be had; its
    ``reason`` is ``invalid_client`` where the program or its secret is not known to the issuer.

    Args:
        prefix: where the issuer answers: ``https://lms.example/auth/``.
        origins: who may see the token; nobody else does.
        client_id: the name of the program.
        client_secret: its secret, sent to the issuer alone.
        name: who this is, as ``name/version``; sent as ``X-Auth-Client``.
        on_event: called with each event.
        client: makes the client that asks the issuer, with its proxies and certificates.
        async_client: the same for tasks.

    Raises:
        ValueError: an address is neither HTTPS nor on this machine, or a credential is empty.

    """

    def __init__(
        self,
        *,
        prefix: str,
        origins: Iterable[str],
        client_id: str,
        client_secret: str,
        name: str = NAME,
        on_event: Callable[[Event], None] = lambda _: None,
        client: Callable[[], httpx.Client] = httpx.Client,
        async_client: Callable[[], httpx.AsyncClient] = httpx.AsyncClient,
    ) -> None:
        if not client_id or not client_secret:
            raise ValueError("A program needs a name and a secret: one of them is empty.")
        super().__init__(
            prefix=prefix,
            origins=origins,
            refresh_token="",
            name=name,
            on_event=on_event,
            client=client,
            async_client=async_client,
        )
        self._refresher.program = _basic(client_id, client_secret)

    def sign_out(self) -> None:
        """Drop the token; the issuer is not told, since a program has no family."""
        self._end()

    async def asign_out(self) -> None:
        """Do the same in a task."""
        self._end()


def _basic(client_id: str, client_secret: str) -> str:
    """Return the header, both form-encoded inside (RFC 6749 §2.3.1)."""
    pair = f"{quote_plus(client_id)}:{quote_plus(client_secret)}"
    return "Basic " + base64.b64encode(pair.encode()).decode()
