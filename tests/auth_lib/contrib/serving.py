"""An ASGI application without a framework, and a real server for any."""

import json
import threading
import time
from contextlib import contextmanager

import uvicorn


@contextmanager
def serving(app):
    """Yield host and port of an application that is served until the end of the block."""
    config = uvicorn.Config(
        app, port=0, log_level="error", lifespan="off", ws="websockets-sansio", access_log=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.01)
    try:
        yield f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


async def app(scope, receive, send):
    """Say who asks; a websocket echoes."""
    claims = scope["auth_lib"]
    if scope["type"] == "websocket":
        await echo(claims, receive, send)
        return
    body = json.dumps({"subject": claims and claims.subject}).encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


async def echo(claims, receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": claims.subject})
    while (message := await receive())["type"] != "websocket.disconnect":
        await send({"type": "websocket.send", "text": message["text"]})
