"""Tokens in front of any ASGI application: HTTP requests and websockets.

.. code-block:: python

    app = AuthMiddleware(app)                      # the gate of auth_lib.configure()
    claims = scope["auth_lib"]                     # inside the application
"""

from __future__ import annotations

import json
from collections.abc import Collection

from .. import configured, responses
from ..claims import Claims
from ..gates import Gate
from ..responses import Refusal
from ..token_errors import TokenError, TokenMissing
from . import websockets
from .websockets import CLOSED, App, Message, Receive, Scope, Send

SCOPE_KEY = "auth_lib"
GATE_KEY = "auth_lib.gate"
_REFRESH = responses.REFRESH_HEADER.lower().encode()


class AuthMiddleware:
    """Lets a request or a websocket through with the claims of its token in ``scope["auth_lib"]``.

    A token that is not accepted is answered here. With a read-only token (a view as a role,
    or somebody acting for the subject) only safe methods pass. A websocket is verified when it
    connects and closed with 4401 when its token ends; a browser, which can set no header there,
    offers the subprotocols ``auth_lib.bearer`` and the token.

    Args:
        app: the application.
        gate: by default that of ``auth_lib.configure()``.
        required: False lets requests without a token pass, with None for the claims.
        exempt: paths that need no token, such as ``/healthz``.

    """

    def __init__(
        self,
        app: App,
        gate: Gate | None = None,
        *,
        required: bool = True,
        exempt: Collection[str] = (),
    ) -> None:
        self.app = app
        self._gate = gate
        self._required = required
        self._exempt = frozenset(exempt)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the application answer."""
        kind = scope["type"]
        if kind not in {"http", "websocket"} or scope["path"] in self._exempt:
            await self.app({**scope, SCOPE_KEY: None}, receive, send)
            return
        gate = self._gate or configured.gate()
        offered = kind == "websocket" and websockets.offers_token(scope)
        try:
            token = websockets.offered_token(scope) if offered else _sent(scope)
            claims, known = await gate.averify_and_look(token)
        except TokenMissing as error:
            if self._required:
                await _refuse(kind, responses.of_error(error), receive, send)
            else:
                await self.app({**scope, SCOPE_KEY: None}, receive, send)
        except TokenError as error:
            await _refuse(kind, responses.of_error(error), receive, send)
        else:
            inner = {**scope, SCOPE_KEY: claims, GATE_KEY: gate}
            if kind == "http":
                await self._serve_http(inner, receive, send, responses.hint_for(claims, known))
            else:
                await self._serve_websocket(inner, receive, send, gate)

    async def _serve_http(
        self, scope: Scope, receive: Receive, send: Send, hint: str | None
    ) -> None:
        claims: Claims = scope[SCOPE_KEY]
        if claims.read_only and scope["method"] not in responses.SAFE_METHODS:
            await _refuse("http", responses.of_read_only(claims), receive, send)
            return
        await self.app(scope, receive, send if hint is None else _hinting(send, hint))

    async def _serve_websocket(
        self, scope: Scope, receive: Receive, send: Send, gate: Gate
    ) -> None:
        if websockets.offers_token(scope):
            scope["subprotocols"] = websockets.without_token(scope["subprotocols"])
            send = websockets.choosing(send)
        left = scope[SCOPE_KEY].expires_at + gate.verifier.leeway - gate.verifier.clock()
        await websockets.Lease(send).hold(self.app, scope, receive, max(left, 0))


def _sent(scope: Scope) -> bytes:
    values = [value for name, value in scope["headers"] if name == b"authorization"]
    return responses.token_of(values)


def _hinting(send: Send, hint: str) -> Send:
    async def add(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            if all(name.lower() != _REFRESH for name, _ in headers):
                headers.append((_REFRESH, hint.encode()))
            message = {**message, "headers": headers}
        await send(message)

    return add


async def _refuse(kind: str, refusal: Refusal, receive: Receive, send: Send) -> None:
    if kind == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": CLOSED, "reason": refusal.code})
        return
    body = json.dumps(refusal.body).encode()
    sent = {
        "content-type": "application/json",
        "content-length": str(len(body)),
        "cache-control": "no-store",
        **refusal.headers,
    }
    headers = [(name.lower().encode(), value.encode()) for name, value in sent.items()]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
