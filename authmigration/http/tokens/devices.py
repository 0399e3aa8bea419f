"""The devices of the user who asks: where tokens are refreshed, and a way to end that."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_GET, require_POST

from ...subjects import subject_of
from ...tokens import families
from ...tokens.refusals import NoSuchDevice, NotSignedIn
from .answers import answering


@require_GET
@answering
def devices(request: HttpRequest) -> HttpResponse:
    """GET: where the user of the session is signed in, the device used last first."""
    found = families.open_families(_subject(request))
    return JsonResponse({"devices": [_document(each) for each in found]})


@require_POST
@csrf_protect
@answering
def end_device(request: HttpRequest, device: UUID) -> HttpResponse:
    """POST: sign one device of the user of the session out; 404 for one of somebody else."""
    subject = _subject(request)
    family = families.by_id(device)
    if family is None or family.subject != subject:
        raise NoSuchDevice("You have no such device.")
    families.end_each([family], actor=request.user)
    return HttpResponse(status=204)


def _subject(request: HttpRequest) -> str:
    found = subject_of(request.user).id
    if found is None:
        raise NotSignedIn("Nobody is signed in.")
    return found


def _document(family: Any) -> dict[str, Any]:
    return {
        "id": str(family.pk),
        "device": family.device,
        "client": family.client,
        "started_at": int(family.started_at.timestamp()),
        "used_at": int(family.used_at.timestamp()),
        "expires_at": int(family.expires_at.timestamp()),
    }
