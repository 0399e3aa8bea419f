"""A view-as between two requests: four values in the session, believed only if they still hold."""

from __future__ import annotations

import logging
import time
from typing import Any

from auth_lib import AuthError, Context
from auth_lib.roles import RoleKey

from .. import registry
from ..errors import ViewAsRefused
from ..subjects import subject_of
from .looking import MAX_SECONDS, Viewing
from .permitting import role_that_permits

logger = logging.getLogger("authmigration.viewing_as")

KEY = "authmigration_view_as"
_MARK = "authmigration_restores_view_as"


def will_restore(request: Any) -> None:
    """Mark a request as one whose successors will be looked through for a view-as."""
    setattr(request, _MARK, True)


def is_restored(request: Any) -> bool:
    """Whether a middleware takes care that a view-as started here will have any effect."""
    return bool(getattr(request, _MARK, False))


def keep(session: Any, viewing: Viewing) -> None:
    """Write a view-as into a session."""
    session[KEY] = {
        "subject": viewing.subject,
        "role": viewing.role,
        "context": str(viewing.context),
        "until": viewing.until,
    }


def forget(session: Any) -> None:
    """Take the view-as out of a session."""
    session.pop(KEY, None)


def peek(session: Any) -> Any:
    """Return what a session holds, without making responses vary by cookie for nothing."""
    accessed = session.accessed
    kept = session.get(KEY)
    if kept is None:
        session.accessed = accessed
    return kept


def found_in(session: Any, user: Any, *, safe: bool) -> Viewing | None:
    """Return the view-as of a session if its user may still have it; else forget it.

    Args:
        session: of the request.
        user: as the request came in; a view may put another in its place later.
        safe: whether the request only reads.

    """
    kept = peek(session)
    if kept is None:
        return None
    viewing = _read(kept, safe=safe)
    if viewing is not None and viewing.subject != subject_of(user).id:
        return None  # the host lets somebody act as somebody else; the view-as is not theirs
    if viewing is None or not _still_permitted(viewing, user):
        forget(session)
        return None
    return viewing


def _read(kept: Any, *, safe: bool) -> Viewing | None:
    try:
        context = Context.parse(kept["context"])
        viewing = Viewing(
            str(kept["subject"]), str(kept["role"]), context, float(kept["until"]), safe
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        logger.warning("What the session holds under %r is no view-as.", KEY)
        return None
    return viewing if 0 < viewing.until - time.time() <= MAX_SECONDS else None


def _still_permitted(viewing: Viewing, user: Any) -> bool:
    role = registry.get().policy.by_key.get(RoleKey(viewing.context.type, viewing.role))
    try:
        if role is None:
            raise ViewAsRefused(f"The role {viewing.role!r} is declared no more.")
        role_that_permits(subject_of(user), role, viewing.context)
    except AuthError as error:
        logger.info("The view-as of subject %s ends: %s", viewing.subject, error)
        return False
    return True
