"""The refresh token of a browser: a cookie that no script reads and no other site sends."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from ...tokens import Issued
from ...tokens.options import get

UNAUTHORIZED = HTTPStatus.UNAUTHORIZED
View = Callable[..., HttpResponse]
NAMES = ("authz-token-refresh", "authz-token-revoke")


def put(response: HttpResponse, issued: Issued) -> None:
    """Hand a refresh token to a browser."""
    if issued.refresh_token is None:
        return
    response.set_cookie(
        get().cookie,
        issued.refresh_token,
        max_age=issued.refresh_expires_in,
        path=_path(),
        secure=django_settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


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
