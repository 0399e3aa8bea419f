"""The HTTP application: ``uvicorn --factory services.gradebook.app:create``."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse

from auth_lib import Gate, InvalidContext, NotConfigured, configure
from auth_lib.contrib.asgi import AuthMiddleware

from . import database
from .routes import router
from .settings import Settings, from_environment

ALLOWED = ("Authorization", "X-Auth-Client", "Content-Type")
EXPOSED = ("WWW-Authenticate", "X-Auth-Refresh", "Retry-After")
PREFLIGHT_SECONDS = 600


def create(settings: Settings | None = None, gate: Gate | None = None) -> FastAPI:
    """Return the application; what is not given is taken from the environment.

    Raises:
        SettingError, auth_lib.NotConfigured, auth_lib.PolicyError: the text says what to set.

    """
    settings = settings or from_environment()
    gate = gate or configure()
    if gate.policy is None:
        raise NotConfigured(
            "The gradebook asks for permissions, so it needs the policy: set AUTH_LIB_POLICY to "
            "the file that `manage.py authz_policy export` wrote."
        )
    database.prepare(settings.database)
    app = FastAPI(title="Gradebook", version="1")
    app.state.settings, app.state.gate = settings, gate
    app.include_router(router)
    app.add_exception_handler(InvalidContext, _no_id)
    app.add_middleware(AuthMiddleware, gate=gate, exempt=["/healthz"])
    # Outermost, so that the page may read the refusals of the middleware as well.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.origins,
        allow_methods=["GET", "PATCH"],
        allow_headers=ALLOWED,
        expose_headers=EXPOSED,
        max_age=PREFLIGHT_SECONDS,
    )
    return app


async def _no_id(_request: Request, _error: Exception) -> JSONResponse:
    about = {"code": "not_found", "message": "No id looks like this."}
    return JSONResponse({"detail": about}, 404)
