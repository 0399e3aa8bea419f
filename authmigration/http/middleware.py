"""One snapshot for each request, and the view-as of its session."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from .. import pins, viewing_as
from ..flushing import flush_quietly, is_due
from ..tokens.logging_in import has_logged_in
from .context_processors import raise_again
from .streams import go_on
from .tokens.cookies import put_at_log_in
from .views import does_end_view_as

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

GetResponse = Callable[[HttpRequest], Any]


class AuthzMiddleware:
    """Answer all questions of a request from one snapshot of each subject.

    Place it below ``AuthenticationMiddleware``. It asks nothing itself, so that a response to
    somebody anonymous stays as it was: user and session are looked at when the first decision
    is made, except where a request is unsafe, or runs in an event loop, and brings a session.
    A streamed response goes on with the snapshot of its request until that is too old.

    While the user views as a role, unsafe requests are answered with 403, save those to a view
    under ``ends_view_as``.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """Answer a request."""
        return self._later(request) if self._is_async else self._now(request)

    def _now(self, request: HttpRequest) -> HttpResponseBase:
        with pins.pinned() as pin:
            seen = _view_as_of(request)
            if seen is not None and not _is_safe(request):
                _refuse_unsafe(request, seen.get())
            with viewing_as.looking(seen):
                response = cast("HttpResponseBase", self.get_response(request))
        _fail_if_a_template_did(request, response)
        if has_logged_in(request):
            put_at_log_in(request, response)
        flush_quietly()
        return go_on(response, pin, seen)

    async def _later(self, request: HttpRequest) -> HttpResponseBase:
        with pins.pinned() as pin:
            seen = _view_as_of(request)
            if seen is not None:
                # Looked up by a decision, the session would be read inside the event loop.
                found = await sync_to_async(seen.get)()
                if not _is_safe(request):
                    _refuse_unsafe(request, found)
            with viewing_as.looking(seen):
                response = cast("HttpResponseBase", await self.get_response(request))
        _fail_if_a_template_did(request, response)
        if has_logged_in(request):
            await sync_to_async(put_at_log_in)(request, response)
        if is_due():
            await sync_to_async(flush_quietly)()
        return go_on(response, pin, seen)


def _view_as_of(request: HttpRequest) -> viewing_as.Later | None:
    """Return what will find the view-as of a request; None where it brings no session."""
    session = getattr(request, "session", None)
    user = getattr(request, "user", None)
    if session is None or user is None:
        return None
    viewing_as.will_restore(request)
    if not session.session_key:
        return None
    # The user as of now, not yet loaded: after a view of an API request.user may be another.
    safe = _is_safe(request)
    return viewing_as.Later(lambda: viewing_as.found_in(session, user, safe=safe))


def _fail_if_a_template_did(request: HttpRequest, response: HttpResponseBase) -> None:
    if response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        raise_again(request)


def _is_safe(request: HttpRequest) -> bool:
    return request.method in SAFE_METHODS


def _refuse_unsafe(request: HttpRequest, viewing: viewing_as.Viewing | None) -> None:
    if viewing is not None and not _is_way_out(request):
        raise PermissionDenied(
            f"Viewing {viewing.context} as {viewing.role!r} is reading only; end the view first."
        )


def _is_way_out(request: HttpRequest) -> bool:
    try:
        view = resolve(request.path_info, getattr(request, "urlconf", None)).func
    except Resolver404:
        return False  # another middleware may yet answer it, and act
    return does_end_view_as(view)
