"""Answers of the endpoints as JSON: never cached, refusals with a code that clients act on."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import add_never_cache_headers

from ...tokens import TokenRefused
from ...tokens.refusals import BadRequest

logger = logging.getLogger("authmigration.tokens")

MOST_BYTES = 16_384
UNAVAILABLE = 503
RETRY_SECONDS = 2

View = Callable[..., HttpResponse]


def answering(view: View) -> View:
    """Answer what a view raises as its status and code; without a database ask to come again."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            found = view(request, *args, **kwargs)
        except TokenRefused as refused:
            found = _refused(refused.status, refused.code, str(refused), refused.retry_after)
        except DatabaseError as error:
            logger.warning("No token could be issued.", exc_info=error)
            message = "The database is out of reach; try again."
            found = _refused(UNAVAILABLE, "unavailable", message, RETRY_SECONDS)
        add_never_cache_headers(found)
        return found

    return answered


def _refused(status: int, code: str, message: str, retry_after: int) -> HttpResponse:
    found = JsonResponse({"error": code, "message": message}, status=status)
    if retry_after:
        found["Retry-After"] = str(retry_after)
    return found


def body_of(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object of a request; an empty one for an empty body.

    Raises:
        BadRequest: it is no JSON object, or too long.

    """
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        raise BadRequest(f"The body has more than {MOST_BYTES} bytes.")
    if not request.body:
        return {}
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError):
        raise BadRequest("The body is no JSON.") from None
    if not isinstance(found, dict):
        raise BadRequest("The body is no JSON object.")
    return found


def texts_of(body: dict[str, Any], name: str) -> list[str]:
    """Return a list of texts from a body; an empty one where it is missing.

    Raises:
        BadRequest: it is something else.

    """
    found = body.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise BadRequest(f"{name} must be a list of texts.")
    return found
