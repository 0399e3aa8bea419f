"""The page, and the two pages behind it that turn the kill switch."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from auth_lib import AuthError

from .. import progress
from ..errors import DeclarationError
from ..rollout import killing
from .overview import enforced, overview

VIEW = "authmigration.view_subjectstate"
CHANGE = "authmigration.change_subjectstate"
NAME = "authmigration_progress"

TURNS = {"kill": killing.kill, "lift": killing.lift}


class TurnForm(forms.Form):
    """Asks why the switch is turned."""

    reason = forms.CharField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        error_messages={"required": "Say why: the reason is kept in the history."},
    )


def urls(site: AdminSite) -> list[URLPattern]:
    """Return the addresses of the pages, for the admin that shows them."""

    def view(function: Any, **more: Any) -> Any:
        return site.admin_view(partial(function, site, **more))

    return [
        path("progress/", view(progress_page), name=NAME),
        *(
            path(f"progress/{turn}/", view(turn_page, turn=turn), name=f"authmigration_{turn}")
            for turn in TURNS
        ),
    ]


def progress_page(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Show how far the migration has come.

    Raises:
        PermissionDenied: the user may not look.

    """
    _require(request, VIEW)
    shown = _shown(site, request, title="Progress of the migration")
    try:
        shown |= overview(_page(request))
    except DeclarationError as error:
        # The kill switch must be within reach also where nothing can be counted.
        shown["broken"] = error.problems
    return TemplateResponse(request, "authmigration/progress.html", shown)


def turn_page(site: AdminSite, request: HttpRequest, *, turn: str) -> HttpResponse:
    """Ask for a reason, then for a confirmation, and only then kill or lift.

    Raises:
        PermissionDenied: the user may not turn the switch.

    """
    _require(request, CHANGE)
    form = TurnForm(request.POST if request.method == "POST" else None)
    may_act = form.is_valid()
    if may_act and "confirmed" in request.POST:
        return _turned(site, request, turn, form.cleaned_data["reason"])
    title = "Kill: give every answer back to legacy" if turn == "kill" else "Lift the kill"
    shown = _shown(site, request, title=title)
    shown |= {"turn": turn, "form": form, "confirming": may_act}
    shown |= {"retired": progress.retired(), "enforced": enforced()}
    return TemplateResponse(request, "authmigration/turn.html", shown)


def _turned(site: AdminSite, request: HttpRequest, turn: str, reason: str) -> HttpResponse:
    try:
        state = TURNS[turn](actor=request.user, reason=reason, channel="admin")
    except (AuthError, killing.FlagError) as error:
        messages.error(request, str(error))
    else:
        still = turn == "lift" and state.on
        level = messages.WARNING if still else messages.SUCCESS
        messages.add_message(request, level, f"{'Not lifted: ' if still else ''}{state}.")
    return HttpResponseRedirect(reverse(f"admin:{NAME}", current_app=site.name))


def _shown(site: AdminSite, request: HttpRequest, *, title: str) -> dict[str, Any]:
    kill = killing.kill_state()
    request.current_app = site.name  # the tag for addresses reads it
    return {
        **site.each_context(request),
        "title": title,
        "kill": kill,
        "killers": progress.killers(kill.by),
        "variable": killing.VARIABLE,
        "seconds": f"{killing.seen_within():g}",
        "turn_form": TurnForm(),
        "may_turn": _has(request, CHANGE),
    }


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return int(text) if text.isdecimal() and len(text) < 10 else 1  # noqa: PLR2004 -- any page


def _has(request: HttpRequest, permission: str) -> bool:
    user: Any = request.user
    return bool(user.has_perm(permission))


def _require(request: HttpRequest, permission: str) -> None:
    if not _has(request, permission):
        raise PermissionDenied(f"This page wants the permission {permission}.")
