"""Looks at the options of the tokens."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage
from django.core.exceptions import ImproperlyConfigured

from ..tokens import options, signing
from ..tokens.options import TokenSettings
from . import messages

LONGEST_SECONDS = 3600
COMMON_HEADER_BYTES = 8000
"""What nginx and gunicorn take for one header, less what else stands in that line."""


def check_tokens(**_: Any) -> list[CheckMessage]:
    """Look whether tokens can be issued as they are configured, if they are."""
    try:
        given = options.get()
        if not given.issuer:
            return []
        signing.signer()
    except ImproperlyConfigured as error:
        return [messages.e012(str(error))]
    if not given.audience:
        return [
            messages.e012("AUTHMIGRATION['TOKENS'] names no AUDIENCE: no service accepts them.")
        ]
    return []


def check_tokens_deployed(**_: Any) -> list[CheckMessage]:
    """Look at what is weak in production."""
    if check_tokens() or not options.get().issuer:
        return []
    return [*_weak(options.get())]


def _weak(given: TokenSettings) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if signing.keys()[0].algorithm == "HS256":
        found.append(messages.W006)
    if given.seconds > LONGEST_SECONDS:
        found.append(messages.w007(given.seconds))
    if given.most_bytes > COMMON_HEADER_BYTES:
        found.append(messages.w008(given.most_bytes))
    return found
