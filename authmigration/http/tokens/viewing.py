"""View-as for clients of tokens: the session looks as a role, and so does its next token."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from auth_lib import AuthError

from ...errors import ViewAsRefused
from ...subjects import subject_of
from ...tokens.refusals import BadRequest, NotSignedIn, ViewRefused
from ...viewing_as import stop_view_as, view_as
from ..views import ends_view_as
from .answers import answering, body_of

MINUTES = 10


@require_POST
@csrf_protect
@answering
def begin_view(request: HttpRequest) -> HttpResponse:
    """POST ``{"role": "student", "context": "course:42", "minutes": 10}``; then refresh."""
    if subject_of(request.user).id is None:
        raise NotSignedIn("Nobody is signed in.")
    body = body_of(request)
    role, context, minutes = body.get("role"), body.get("context"), body.get("minutes", MINUTES)
    if not isinstance(role, str) or not isinstance(context, str) or type(minutes) is not int:
        raise BadRequest("role and context must be texts, minutes a whole number.")
    try:
        view_as(request, role, context, minutes=minutes)
    except ViewAsRefused as error:
        raise ViewRefused(str(error)) from None
    except (AuthError, ValueError) as error:
        raise BadRequest(str(error)) from None
    return HttpResponse(status=204)


@ends_view_as
@require_POST
@csrf_protect
@answering
def end_view(request: HttpRequest) -> HttpResponse:
    """POST: look as oneself again; 204 also where that was so already."""
    stop_view_as(request)
    return HttpResponse(status=204)
