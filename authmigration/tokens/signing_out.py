"""Signing out of the host's session ends the refresh tokens of that device."""

from __future__ import annotations

import logging
from typing import Any

from django.db import Error

from . import sessions

logger = logging.getLogger("authmigration.tokens")


def signed_out(request: Any = None, **_: Any) -> None:
    """End the family of the session; connected to ``user_logged_out``, which must not fail."""
    try:
        sessions.end(request)
    except Error as error:
        logger.warning("The refresh tokens of a session were not ended.", exc_info=error)
