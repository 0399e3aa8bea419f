"""Looks at what matters in production alone: ``check --deploy``."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage
from django.core.exceptions import ImproperlyConfigured

from ..rollout.killing import shared_connection
from . import messages


def check_connection(**_: Any) -> list[CheckMessage]:
    """Look whether the flags are read outside the transactions that they decide about."""
    try:
        why = shared_connection()
    except ImproperlyConfigured:
        return []  # the checks of feature_flags say so
    return [messages.w003(why)] if why else []
