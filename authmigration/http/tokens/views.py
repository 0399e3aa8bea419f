"""Session exchange, refresh, revocation, published keys, published policy."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from auth_lib import policy_document

from ... import registry
from ...tokens import Issued, families, issue_tokens, key_uses, refresh, signing
from ...tokens.refusals import BadRequest
from ..views import ends_view_as
from . import cookies
from .answers import answering, body_of, texts_of

CLIENT = "X-Auth-Client"


@ends_view_as
@require_POST
@csrf_protect
@answering
def session(request: HttpRequest) -> HttpResponse:
    """POST: exchange the session of the request for tokens; its CSRF token is asked for."""
    body = body_of(request)
    issued = issue_tokens(
        request,
        context=texts_of(body, "context"),
        client=request.headers.get(CLIENT, ""),
        refresh_token=cookies.taken_from(request),
    )
    return _given(issued, browser=True)


@ends_view_as
@csrf_exempt
@require_POST
@cookies.cleared_when_dead
@answering
def refresh_tokens(request: HttpRequest) -> HttpResponse:
    """POST: exchange a refresh token, from the body or from the cookie, for the next ones.

    Exempt from CSRF: the cookie is ``SameSite=Strict``, and the answer is of use to its reader
    alone.
    """
    body = body_of(request)
    text = _refresh_token(body)
    browser = not text
    issued = refresh(text or cookies.taken_from(request), context=texts_of(body, "context"))
    return _given(issued, browser=browser)


@ends_view_as
@csrf_exempt
@require_POST
@answering
def revoke(request: HttpRequest) -> HttpResponse:
    """POST: end the family of a refresh token (RFC 7009); 204 whatever became of it."""
    text = _refresh_token(body_of(request)) or cookies.taken_from(request)
    families.end_of(text, families.SIGNED_OUT)
    response = HttpResponse(status=204)
    cookies.clear(response)
    return response


@require_GET
def jwks(_request: HttpRequest) -> HttpResponse:
    """GET: the public keys (RFC 7517)."""
    key_uses.were_published()
    return _published(signing.published())


@require_GET
def policy(_request: HttpRequest) -> HttpResponse:
    """GET: the roles and what they give, for services."""
    return _published(policy_document.dump(registry.get().policy))


def _refresh_token(body: dict[str, Any]) -> str:
    text = body.get("refresh_token", "")
    if not isinstance(text, str):
        raise BadRequest("refresh_token must be a text.")
    return text


def _given(issued: Issued, *, browser: bool) -> HttpResponse:
    response = JsonResponse(issued.as_document(with_refresh_token=not browser))
    if browser:
        cookies.put(response, issued)
    return response


def _published(document: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(document)
    patch_cache_control(response, public=True, max_age=signing.PUBLISHED_SECONDS)
    return response
