"""Websockets that are open for as long as their token holds."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ..token_errors import TokenMissing

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

SUBPROTOCOL = "auth_lib.bearer"
CLOSED = 4401
GRACE_SECONDS = 5.0


class TokenEnded(OSError):
    """Raised to an application that sends on a websocket whose token is over."""


class Lease:
    """A websocket that may be used until its token ends."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._sending = asyncio.Lock()
        self._over = False

    async def hold(self, app: App, scope: Scope, receive: Receive, seconds: float) -> None:
        """Run the application; when the time is over close the connection under it."""
        task = asyncio.ensure_future(app(scope, receive, self.send))
        try:
            done, _ = await asyncio.wait({task}, timeout=seconds)
            if not done:
                await self._close()
                # The server now tells the application that the connection is gone.
                await asyncio.wait({task}, timeout=GRACE_SECONDS)
        finally:
            if not task.done():
                task.cancel()
        if self._over:
            await asyncio.gather(task, return_exceptions=True)
        else:
            await task

    async def send(self, message: Message) -> None:
        """Send for the application, or raise :class:`TokenEnded`."""
        async with self._sending:
            if self._over:
                raise TokenEnded("The token of this websocket is over.")
            await self._send(message)

    async def _close(self) -> None:
        async with self._sending:
            self._over = True
            await self._send({"type": "websocket.close", "code": CLOSED, "reason": "token_expired"})


def offers_token(scope: Scope) -> bool:
    """Whether a client offers its token among the subprotocols, as a browser must."""
    return SUBPROTOCOL in scope.get("subprotocols", ())


def offered_token(scope: Scope) -> str:
    """Return the token that stands behind the name of the subprotocol.

    Raises:
        TokenMissing: nothing stands there.

    """
    offered: list[str] = scope["subprotocols"]
    place = offered.index(SUBPROTOCOL) + 1
    if place == len(offered):
        raise TokenMissing(f"Offer the token as the subprotocol behind {SUBPROTOCOL}.")
    return offered[place]


def without_token(offered: list[str]) -> list[str]:
    """Return the other offers."""
    place = offered.index(SUBPROTOCOL)
    return [*offered[:place], *offered[place + 2 :]]


def choosing(send: Send) -> Send:
    """Return a ``send`` that accepts the offer for an application that accepts none."""

    async def choose(message: Message) -> None:
        if message["type"] == "websocket.accept" and not message.get("subprotocol"):
            # A browser breaks the connection off if none of its offers is taken.
            message = {**message, "subprotocol": SUBPROTOCOL}
        await send(message)

    return choose
