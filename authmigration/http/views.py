"""The way out of a view-as, which stays open while everything unsafe is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from ..viewing_as import stop_view_as

View = TypeVar("View", bound=Callable[..., Any])


_MARK = "authz_ends_view_as"


def ends_view_as(view: View) -> View:
    """Let a view be posted to while its user views as a role, as logging out must be."""
    setattr(view, _MARK, True)
    return view


def does_end_view_as(view: object) -> bool:
    """Whether a view is under :func:`ends_view_as`, further decorators included."""
    return getattr(view, _MARK, False) is True


@ends_view_as
@require_POST
def end_view_as(request: HttpRequest) -> HttpResponse:
    """POST: end the view-as, and go to ``next`` where that is on this site, else to ``/``."""
    stop_view_as(request)
    there = request.POST.get("next", "")
    known = url_has_allowed_host_and_scheme(
        there, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(there if known else "/")
