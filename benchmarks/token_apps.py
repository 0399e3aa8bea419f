"""One small service, with each kind of check in front; KIND says which, for uvicorn."""

import os
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from auth_lib import Gate, Key, TokenVerifier, VerifiedTokens
from auth_lib.contrib.asgi import AuthMiddleware
from benchmarks.token_samples import AUDIENCE, ISSUER, SECRET

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Any, Any], Awaitable[None]]
KINDS = ("none", "pyjwt", "ours", "cached")
KIND = os.environ.get("KIND", "none")


async def grades(request: Request) -> JSONResponse:
    """Answer with a few grades, if whoever asks is a student of the course."""
    course = request.path_params["course"]
    if KIND == "pyjwt" and course not in request.scope["claims"]["roles"]["course"]["student"]:
        return JSONResponse({"detail": "no"}, 403)
    if KIND in {"ours", "cached"}:
        claims = request.scope["auth_lib"]
        if not GATE.is_authorized(claims, "course", course, "student"):
            return JSONResponse({"detail": "no"}, 403)
    return JSONResponse({"course": course, "grades": [["ada", 5], ["bob", 4]]})


async def cpu(_request: Request) -> JSONResponse:
    """Answer with the CPU seconds that this process has used."""
    return JSONResponse(time.process_time())


class PyJWTMiddleware:
    """The least that a service would write with PyJWT."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Decode the token, or answer 401."""
        if scope["type"] != "http" or scope["path"] == "/cpu":
            await self.app(scope, receive, send)
            return
        sent = dict(scope["headers"]).get(b"authorization", b"")
        try:
            scope["claims"] = jwt.decode(
                sent.removeprefix(b"Bearer "), SECRET, ["HS256"], audience=AUDIENCE, issuer=ISSUER
            )
        except jwt.InvalidTokenError as error:
            await JSONResponse({"detail": str(error)}, 401)(scope, receive, send)
            return
        await self.app(scope, receive, send)


SERVICE = Starlette(routes=[Route("/courses/{course}/grades", grades), Route("/cpu", cpu)])
GATE = Gate(
    TokenVerifier(
        issuer=ISSUER,
        audience=AUDIENCE,
        keys=Key.from_secret(SECRET),
        cache=VerifiedTokens() if KIND == "cached" else None,
    )
)
app: App = {
    "none": lambda: SERVICE,
    "pyjwt": lambda: PyJWTMiddleware(SERVICE),
    "ours": lambda: AuthMiddleware(SERVICE, GATE, exempt=["/cpu"]),
    "cached": lambda: AuthMiddleware(SERVICE, GATE, exempt=["/cpu"]),
}[KIND]()
