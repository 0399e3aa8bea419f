"""The refresh token of a browser: a cookie that no script reads and no other site sends."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, reverse

from ...tokens import Issued, logging_in
from ...tokens.options import get

UNAUTHORIZED = HTTPStatus.UNAUTHORIZED
View = Callable[..., HttpResponse]
NAMES = ("authz-token-refresh", "authz-token-revoke")


def put(response: HttpResponse, issued: Issued) -> None:
    """Hand a refresh token to a browser."""
    if issued.refresh_token is None:
        return
    _set(response, issued.refresh_token, issued.refresh_expires_in, _path())


def _set(response: HttpResponseBase, text: str, seconds: int, path: str) -> None:
    response.set_cookie(
        get().cookie,
        text,
        max_age=seconds,
        path=path,
        secure=django_settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def put_at_log_in(request: HttpRequest, response: HttpResponseBase) -> None:
    """Hand its first refresh token to a browser that this response lets in."""
    if response.status_code >= HTTPStatus.BAD_REQUEST or get().cookie in response.cookies:
        return
    try:
        path = _path()
    except NoReverseMatch:
        return  # the host has no address at which to refresh
    begun = logging_in.begun_at_log_in(request)
    if begun is not None:
        left = begun.family.expires_at - begun.family.started_at
        _set(response, begun.text, int(left.total_seconds()), path)


def taken_from(request: HttpRequest) -> str:
    """Return the refresh token that a browser sends; empty without one."""
    return str(request.COOKIES.get(get().cookie, ""))


def clear(response: HttpResponse) -> None:
    """Take the refresh token from a browser."""
    response.delete_cookie(get().cookie, path=_path(), samesite="Strict")


def cleared_when_dead(view: View) -> View:
    """Take a refresh token from a browser that is told to sign in again."""

    @wraps(view)
    def cleared(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == UNAUTHORIZED and get().cookie in request.COOKIES:
            clear(response)
        return response

    return cleared


def _path() -> str:
    # No other address of the site ever sees it.
    return reverse(NAMES[0]).removesuffix("refresh/")
