"""The parts that the description of the endpoints is made of; valid in OpenAPI 3.0 and 3.1."""

from __future__ import annotations

from typing import Any

from django.conf import settings as django_settings

from auth_lib.responses import CLIENT_HEADER, REFRESH_HEADER

from ...tokens.options import get

Part = dict[str, Any]

TEXT: Part = {"type": "string"}
NUMBER: Part = {"type": "integer"}
TEXTS: Part = {"type": "array", "items": TEXT}


def record(required: Part, optional: Part | None = None) -> Part:
    """Return the schema of an object: members that are always there, and others."""
    found = {"type": "object", "properties": {**required, **(optional or {})}}
    return {**found, "required": list(required)} if required else found


def ref(kind: str, name: str) -> Part:
    """Return a reference to a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


_TOKEN: Part = {
    "access_token": TEXT,
    "token_type": {"type": "string", "enum": ["Bearer"]},
    "expires_in": {**NUMBER, "description": "Seconds that the access token holds."},
    "issued_at": {**NUMBER, "description": "The issuer's clock, in seconds since 1970."},
}
_MOMENTS: Part = dict.fromkeys(("started_at", "used_at", "expires_at"), NUMBER)
_DEVICE = record(
    {"id": {"type": "string", "format": "uuid"}, "device": TEXT, "client": TEXT, **_MOMENTS}
)
_VIEW = record(
    {"role": TEXT, "context": {**TEXT, "example": "course:42"}},
    {"minutes": {**NUMBER, "default": 10}},
)

SCHEMAS: Part = {
    "AuthzToken": record(
        _TOKEN,
        {
            "refresh_token": {**TEXT, "description": "Only to a client that sent one in a body."},
            "refresh_expires_in": {**NUMBER, "description": "Seconds that the device is let in."},
        },
    ),
    "AuthzProgramToken": record(_TOKEN),
    "AuthzRefusal": record(
        {
            "error": {**TEXT, "description": "The code: clients decide by it and the status."},
            "message": {**TEXT, "description": "For people."},
        }
    ),
    "AuthzExchange": record({}, {"context": {**TEXTS, "maxItems": 20}}),
    "AuthzRefresh": record(
        {},
        {
            "refresh_token": {**TEXT, "description": "Left out where the cookie holds it."},
            "context": {**TEXTS, "maxItems": 20},
        },
    ),
    "AuthzRevoke": record({}, {"refresh_token": TEXT}),
    "AuthzGrant": record({"grant_type": {"type": "string", "enum": ["client_credentials"]}}),
    "AuthzDevices": record({"devices": {"type": "array", "items": _DEVICE}}),
    "AuthzViewAs": _VIEW,
    "AuthzKeySet": record({"keys": {"type": "array", "items": {"type": "object"}}}),
    "AuthzPolicy": {
        "type": "object",
        "description": "Versioned: roles, what they give and imply; see the service protocol.",
    },
}

HEADERS: Part = {
    "Retry-After": {"description": "Seconds after which to ask again.", "schema": NUMBER},
    REFRESH_HEADER: {
        "description": "From services, with any answer to a token: a reason to refresh.",
        "schema": TEXT,
    },
}

PARAMETERS: Part = {
    "AuthzClient": {
        "name": CLIENT_HEADER,
        "in": "header",
        "description": "`name/version`: declares that the client keeps to the client protocol.",
        "schema": TEXT,
    }
}


def security_schemes() -> Part:
    """Return how requests show who sends them, by the names that the settings give."""
    csrf = django_settings.CSRF_HEADER_NAME.removeprefix("HTTP_").replace("_", "-")
    return {
        "authzSession": _api_key("cookie", django_settings.SESSION_COOKIE_NAME),
        "authzCsrf": _api_key("header", csrf),
        "authzRefreshCookie": _api_key("cookie", get().cookie),
        "authzProgram": {"type": "http", "scheme": "basic"},
        "authzBearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "How a service takes the access token; no endpoint here does.",
        },
    }


def _api_key(place: str, name: str) -> Part:
    return {"type": "apiKey", "in": place, "name": name}
