"""The endpoints of the tokens in OpenAPI: by themselves, or in the schema of the host.

A host with drf-spectacular adds ``"authmigration.http.tokens.openapi.add_tokens"`` to
``SPECTACULAR_SETTINGS["POSTPROCESSING_HOOKS"]``.
"""

from __future__ import annotations

import inspect
from collections import defaultdict
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.urls import reverse

from ...tokens import refusals
from ...tokens.refusals import TokenRefused
from . import openapi_parts as parts
from . import urls
from .answers import UNAVAILABLE
from .openapi_parts import Part, ref

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
SESSION: list[Part] = [{"authzSession": [], "authzCsrf": []}]
COOKIE_OR_BODY: list[Part] = [{"authzRefreshCookie": []}, {}]
_DEVICE = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Endpoint:
    """What cannot be read from the code of a view.

    Attributes:
        answer: the schema of a 200; empty for a 204.
        body: the schema of the body; empty for none.
        needs_body: whether a request without a body is refused.
        form: whether the body may be a form as well.
        security: what a request must bear, one of these.
        refused: with what it may be refused.
        protocol: whether it reads which client asks.
        database: whether it asks the database, and so may be unavailable.

    """

    answer: str = ""
    body: str = ""
    needs_body: bool = False
    form: bool = False
    security: tuple[Part, ...] = ()
    refused: tuple[type[TokenRefused], ...] = ()
    protocol: bool = False
    database: bool = True


_ENDPOINTS = {
    "authz-token-session": _Endpoint(
        answer="AuthzToken",
        body="AuthzExchange",
        security=tuple(SESSION),
        refused=(
            refusals.BadRequest,
            refusals.NotSignedIn,
            refusals.Inactive,
            refusals.TokensDisabled,
        ),
        protocol=True,
    ),
    "authz-token-refresh": _Endpoint(
        answer="AuthzToken",
        body="AuthzRefresh",
        security=tuple(COOKIE_OR_BODY),
        refused=(
            refusals.BadRequest,
            refusals.RefreshMissing,
            refusals.RefreshInvalid,
            refusals.RefreshExpired,
            refusals.RefreshRevoked,
            refusals.RefreshReused,
            refusals.Inactive,
            refusals.TokensDisabled,
            refusals.RateLimited,
        ),
        protocol=True,
    ),
    "authz-token-revoke": _Endpoint(
        body="AuthzRevoke",
        security=tuple(COOKIE_OR_BODY),
        refused=(refusals.BadRequest,),
        protocol=True,
    ),
    "authz-token-machine": _Endpoint(
        answer="AuthzProgramToken",
        body="AuthzGrant",
        needs_body=True,
        form=True,
        security=({"authzProgram": []},),
        refused=(refusals.BadRequest, refusals.ClientInvalid),
    ),
    "authz-token-devices": _Endpoint(
        answer="AuthzDevices",
        security=({"authzSession": []},),
        refused=(refusals.NotSignedIn,),
    ),
    "authz-token-device-end": _Endpoint(
        security=tuple(SESSION), refused=(refusals.NotSignedIn, refusals.NoSuchDevice)
    ),
    "authz-token-view-as": _Endpoint(
        body="AuthzViewAs",
        needs_body=True,
        security=tuple(SESSION),
        refused=(refusals.BadRequest, refusals.NotSignedIn, refusals.ViewRefused),
    ),
    "authz-token-view-as-end": _Endpoint(security=tuple(SESSION)),
    "authz-token-jwks": _Endpoint(answer="AuthzKeySet", database=False),
    "authz-token-policy": _Endpoint(answer="AuthzPolicy", database=False),
}


def document() -> Part:
    """Return the endpoints as an OpenAPI 3.1 document of their own.

    Raises:
        NoReverseMatch: the host includes the endpoints nowhere.

    """
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tokens", "version": "1", "description": _INFO},
        "paths": paths(),
        "components": components(),
    }


def add_tokens(result: Part, **_: Any) -> Part:
    """Add the endpoints to the schema of a host: a postprocessing hook of drf-spectacular."""
    result.setdefault("paths", {}).update(paths())
    whole = result.setdefault("components", {})
    for kind, ours in components().items():
        whole.setdefault(kind, {}).update(ours)
    return result


def components() -> Part:
    """Return what the paths refer to."""
    return {
        "schemas": parts.SCHEMAS,
        "headers": parts.HEADERS,
        "parameters": parts.PARAMETERS,
        "securitySchemes": parts.security_schemes(),
    }


def paths() -> Part:
    """Return each address of the host with its operation."""
    return {_address(each): _operations(each) for each in urls.urlpatterns}


def _address(pattern: Any) -> str:
    given = dict.fromkeys(pattern.pattern.converters, _DEVICE)
    return reverse(pattern.name, kwargs=given).replace(str(_DEVICE), "{device}")


def _operations(pattern: Any) -> Part:
    endpoint = _ENDPOINTS[pattern.name]
    # The first word of the text of a view is its method: GET: ..., POST ...
    text = inspect.getdoc(pattern.callback) or ""
    method, _, rest = text.partition(" ")
    found: Part = {
        "operationId": pattern.name.replace("-", "_"),
        "tags": ["tokens"],
        "description": rest,
        "security": [*endpoint.security] or [{}],
        "responses": _responses(endpoint),
    }
    if given := _parameters(pattern, endpoint):
        found["parameters"] = given
    if endpoint.body:
        types = (JSON, FORM) if endpoint.form else (JSON,)
        schema = {"schema": ref("schemas", endpoint.body)}
        content = {each: dict(schema) for each in types}
        found["requestBody"] = {"required": endpoint.needs_body, "content": content}
    return {method.rstrip(":").lower(): found}


def _parameters(pattern: Any, endpoint: _Endpoint) -> list[Part]:
    schema = {"type": "string", "format": "uuid"}
    found = [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name in pattern.pattern.converters
    ]
    return [*found, ref("parameters", "AuthzClient")] if endpoint.protocol else found


def _responses(endpoint: _Endpoint) -> Part:
    found: Part = {"204": {"description": "Done."}}
    if endpoint.answer:
        content = {JSON: {"schema": ref("schemas", endpoint.answer)}}
        found = {"200": {"description": "OK", "content": content}}
    codes: dict[int, list[str]] = defaultdict(list)
    again = {UNAVAILABLE}
    for each in endpoint.refused:
        codes[each.status].append(each.code)
        if each.retry_after:
            again.add(each.status)
    if endpoint.database:
        codes[UNAVAILABLE].append("unavailable")
    for status in sorted(codes):
        found[str(status)] = _refusal(status, codes[status], again=status in again)
    if any("authzCsrf" in each for each in endpoint.security):
        _mention_csrf(found)
    return found


def _refusal(status: int, codes: list[str], *, again: bool) -> Part:
    error = {"properties": {"error": {"type": "string", "enum": codes}}}
    schema = {"allOf": [ref("schemas", "AuthzRefusal"), error]}
    found: Part = {
        "description": f"{HTTPStatus(status).phrase}: {', '.join(codes)}.",
        "content": {JSON: {"schema": schema}},
    }
    return {**found, "headers": {"Retry-After": ref("headers", "Retry-After")}} if again else found


def _mention_csrf(responses: Part) -> None:
    here = responses.setdefault("403", {"description": "Forbidden."})
    here["description"] += " Without a good CSRF token: the host's own page, no JSON."
    here.setdefault("content", {})["text/html"] = {"schema": parts.TEXT}


_INFO = (
    "How clients and programs get tokens, and services the keys and the policy. When to ask, and "
    "what to do with a refusal, is in the client protocol."
)
