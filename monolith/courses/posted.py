"""Reads ids out of forms."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest


def posted_id(request: HttpRequest, name: str) -> int:
    """Return the whole number posted as `name`; raise BadRequest (400) if it is none."""
    value = request.POST.get(name, "")
    if not (value.isascii() and value.isdecimal()):
        message = f"{name}={value!r}: post the id, a whole number."
        raise BadRequest(message)
    return int(value)
