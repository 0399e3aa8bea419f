"""Websockets on a real server: verified when they connect, closed when their token ends."""

import asyncio
import time

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from auth_lib import TokenVerifier
from auth_lib.contrib import websockets
from auth_lib.contrib.asgi import AuthMiddleware
from auth_lib.contrib.websockets import SUBPROTOCOL
from auth_lib.gates import Gate
from auth_lib.testing import AUDIENCE, ISSUER, Issuer
from tests.auth_lib.contrib.serving import app, serving

TOKENS = Issuer()


async def talk(where, *, headers=None, subprotocols=None):
    async with connect(
        f"ws://{where}/", additional_headers=headers, subprotocols=subprotocols
    ) as socket:
        subject = await socket.recv()
        await socket.send("hello")
        return subject, await socket.recv(), socket.subprotocol


def test_a_websocket_is_verified_when_it_connects():
    with serving(AuthMiddleware(app, TOKENS.gate())) as where:
        by_header = asyncio.run(talk(where, headers=TOKENS.headers("7")))
        by_offer = asyncio.run(talk(where, subprotocols=[SUBPROTOCOL, TOKENS.token("8")]))

    assert by_header == ("7", "hello", None)
    assert by_offer == ("8", "hello", SUBPROTOCOL)


@pytest.mark.parametrize(
    "offer",
    [None, [SUBPROTOCOL], [SUBPROTOCOL, "x"], [SUBPROTOCOL, Issuer().token()], ["chat"]],
    ids=range(5),
)
def test_a_websocket_without_a_good_token_is_not_accepted(offer):
    with (
        serving(AuthMiddleware(app, TOKENS.gate())) as where,
        pytest.raises(InvalidStatus) as refused,
    ):
        asyncio.run(talk(where, subprotocols=offer))

    assert refused.value.response.status_code == 403


def test_the_token_of_an_offer_is_not_shown_to_the_application():
    seen = []

    async def inner(scope, receive, send):
        seen.append(scope["subprotocols"])

    scope = {
        "type": "websocket",
        "path": "/",
        "headers": [],
        "subprotocols": ["chat", SUBPROTOCOL, TOKENS.token(), "v2"],
    }
    asyncio.run(AuthMiddleware(inner, TOKENS.gate())(scope, None, None))
    assert seen == [["chat", "v2"]]


def without_leeway(issuer):
    return Gate(TokenVerifier(issuer=ISSUER, audience=AUDIENCE, keys=issuer.key, leeway=0))


def test_a_websocket_is_closed_when_its_token_ends():
    async def until_closed(where):
        token = TOKENS.token(lifetime=2)
        begin = time.monotonic()
        async with connect(f"ws://{where}/", subprotocols=[SUBPROTOCOL, token]) as socket:
            await socket.recv()
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
        return closed.value.rcvd, time.monotonic() - begin

    with serving(AuthMiddleware(app, without_leeway(TOKENS))) as where:
        received, took = asyncio.run(until_closed(where))

    assert (received.code, received.reason) == (4401, "token_expired")
    assert 0.5 < took < 3


def test_an_application_that_only_sends_is_ended_as_well(monkeypatch):
    monkeypatch.setattr(websockets, "GRACE_SECONDS", 0.2)
    ended = []

    async def ticking(scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})
        try:
            while True:
                await send({"type": "websocket.send", "text": "tick"})
                await asyncio.sleep(0.02)
        except OSError as error:
            ended.append(type(error).__name__)

    async def deaf(scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    async def until_closed(where):
        token = TOKENS.token(lifetime=1)
        async with connect(f"ws://{where}/", subprotocols=[SUBPROTOCOL, token]) as socket:
            while True:
                try:
                    await socket.recv()
                except ConnectionClosed as closed:
                    return closed.rcvd.code

    for inner in (ticking, deaf):
        with serving(AuthMiddleware(inner, without_leeway(TOKENS))) as where:
            assert asyncio.run(until_closed(where)) == 4401
            time.sleep(0.4)
    assert ended == ["TokenEnded", "cancelled"]


def test_an_error_of_the_application_is_still_its_error():
    async def broken(scope, receive, send):
        raise ZeroDivisionError

    scope = {"type": "websocket", "path": "/", "headers": [], "subprotocols": []}
    scope["headers"] = [(b"authorization", TOKENS.headers()["Authorization"].encode())]
    with pytest.raises(ZeroDivisionError):
        asyncio.run(AuthMiddleware(broken, TOKENS.gate())(scope, None, None))
