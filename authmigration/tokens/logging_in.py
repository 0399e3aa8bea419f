"""A family for a browser that logs in, however the host lets it in.

Noted while the host logs somebody in, begun when the response is ready: a hijack or a support desk
logs in first and says afterwards who acts, and a response that failed shall leave nothing behind.
"""

from __future__ import annotations

import logging
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest

from ..rollout import tokens_on
from ..subjects import subject_of
from . import families, options
from .issuing import actor_of, begun

logger = logging.getLogger("authmigration.tokens")

_USER = "authmigration_logged_in"


def logged_in(request: Any = None, user: Any = None, **_: Any) -> None:
    """Note who was let in; connected to ``user_logged_in``, which must not fail."""
    # The request of Django REST framework wraps the one that the middleware has.
    inner = getattr(request, "_request", request)
    if user is not None and isinstance(inner, HttpRequest):
        setattr(inner, _USER, user)


def has_logged_in(request: Any) -> bool:
    """Whether somebody was let in during a request; costs nothing where nobody was."""
    return hasattr(request, _USER)


def begun_at_log_in(request: Any) -> families.Rotated | None:
    """Return the family begun for whoever was let in during a request; None where none was.

    It is begun for a session alone, behind the flag ``authz_tokens``, and never for somebody in
    whose name another acts. Whatever goes wrong is logged: the log-in stands.
    """
    try:
        return _begun(request, getattr(request, _USER))
    except Exception as error:
        logger.warning("No refresh token was issued at a log-in.", exc_info=error)
        return None


def _begun(request: Any, user: Any) -> families.Rotated | None:
    if not (options.get().at_log_in and options.get().issuer):
        return None
    subject = subject_of(user)
    if subject.id is None or not subject.active or not tokens_on(subject):
        return None
    session = getattr(request, "session", None)
    if session is None or session.get(SESSION_KEY) != str(user.pk):
        return None  # logged out again, or let in without a session: no browser of ours
    if actor_of(request) is not None:
        return None
    return begun(request, subject)
