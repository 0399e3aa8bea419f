"""The endpoint for programs: client credentials in, a token out (RFC 6749 §4.4)."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ...tokens import machines
from ...tokens.refusals import BadRequest, ClientInvalid
from .answers import answering, body_of

GRANT = "client_credentials"


@csrf_exempt
@require_POST
@answering
def token(request: HttpRequest) -> HttpResponse:
    """POST ``grant_type=client_credentials`` with HTTP Basic: name and secret of a program."""
    form = request.content_type == "application/x-www-form-urlencoded"
    given = request.POST.get("grant_type") if form else body_of(request).get("grant_type")
    if given != GRANT:
        raise BadRequest(f"grant_type must be {GRANT!r}.")
    name, secret = _credentials(request.headers.get("Authorization", ""))
    issued = machines.issue(name, secret)
    return JsonResponse(issued.as_document(with_refresh_token=False))


def _credentials(header: str) -> tuple[str, str]:
    """Return name and secret, each form-encoded inside (RFC 6749 §2.3.1)."""
    scheme, _, text = header.partition(" ")
    if scheme.lower() != "basic":
        raise ClientInvalid("Name and secret of the program go into HTTP Basic.")
    try:
        name, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise ClientInvalid("The header Authorization cannot be read.") from None
    return unquote_plus(name), unquote_plus(secret)
