"""The family that belongs to a session of the host, so that one sign-in is one device."""

from __future__ import annotations

from typing import Any

from ..models import RefreshFamily
from . import families

KEY = "authmigration_family"


def bind(request: Any, family: RefreshFamily) -> None:
    """Let a family belong to the session of a request, where there is one."""
    session = getattr(request, "session", None)
    if session is not None:
        session[KEY] = str(family.pk)


def end(request: Any) -> None:
    """End the family of a request's session."""
    family = _kept(request)
    if family is not None:
        families.end(family, families.SIGNED_OUT)


def _kept(request: Any) -> RefreshFamily | None:
    session = getattr(request, "session", None)
    key = session.get(KEY) if session is not None else None
    return families.by_id(key) if key else None
