"""Starting and ending a view-as, each with an event that names who looks and as whom."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model

from auth_lib import PLATFORM, Context, Role
from auth_lib.roles import RoleKey

from .. import conf, registry
from ..assignments.targets import context_for
from ..errors import MissingReason, ViewAsRefused
from ..subjects import Subject, subject_of
from ..trail import Authorship, authorship, record
from . import sessions
from .looking import MAX_SECONDS, Viewing, current, looking
from .permitting import role_that_permits


def view_as(
    request: Any,
    role: Role | str,
    context: Any = None,
    *,
    minutes: int = 10,
    reason: str | None = None,
) -> Viewing:
    """Let the user of a request look at a context as a role, from the next request on.

    Until it ends nothing unsafe is answered, and allowed is what both roles allow.

    Args:
        request: whose user looks; needs a session, and ``AuthzMiddleware``.
        role: the role, or its name where ``context`` says its type.
        context: the object, its id, or ``course:42``; nothing for a role on the platform.
        minutes: how long, 1 to 60; it ends before if the user loses the role that permits it.
        reason: why, for the audit trail.

    Raises:
        ViewAsRefused: no role that the user holds there lists the other in ``view_as``, or the
            user views as a role already.
        UnknownRole, InvalidContext: there is no such thing.
        ValueError: ``minutes`` is out of range.
        ImproperlyConfigured: the request has no session, or nothing would restore the view-as.

    """
    if not 0 < minutes * 60 <= MAX_SECONDS:
        raise ValueError(f"minutes={minutes!r}: a view-as lasts from 1 to {MAX_SECONDS // 60}.")
    session = _session(request)
    found, by = _permitted(request.user, role, context, time.time() + minutes * 60)
    author = _author(request.user, reason, f"views {found.context} as {found.role}")
    _record("view_as", author, found, {"until": int(found.until), "permitted_by": by})
    sessions.keep(session, found)
    return found


def stop_view_as(request: Any) -> bool:
    """End the view-as of a request's session; return whether there was one."""
    session = getattr(request, "session", None)
    kept = sessions.found_in(session, request.user, safe=True) if session is not None else None
    if session is None or kept is None:
        return False
    _record("view_as_end", _author(request.user, None, "ended by its user"), kept, {})
    sessions.forget(session)
    return True


def current_view_as(who: Any) -> Viewing | None:
    """Return as what a subject looks at this moment, as a banner says it; None if as itself.

    Args:
        who: a user, somebody anonymous, or the id of a subject.

    """
    return current(subject_of(who).id)


@contextmanager
def viewing(who: Any, role: Role | str, context: Any = None) -> Iterator[Viewing]:
    """Let every decision inside the block be one that a subject sees as a role.

    Args:
        who: a user, or its id.
        role: see :func:`view_as`.
        context: see :func:`view_as`.

    Raises:
        ViewAsRefused, UnknownRole, InvalidContext: see :func:`view_as`.

    """
    found, _ = _permitted(who, role, context, time.time() + MAX_SECONDS)
    with looking(found):
        yield found


def _permitted(who: Any, role: Role | str, context: Any, until: float) -> tuple[Viewing, str]:
    subject = subject_of(who)
    if subject.id is None:
        raise ViewAsRefused("Somebody anonymous holds no role that could permit a view-as.")
    _require_own_eyes(subject)
    named = _named(role, context)
    where = context_for(named, context, must_exist=True)
    by = role_that_permits(subject, named, where)
    return Viewing(subject.id, named.name, where, until), by


def _require_own_eyes(subject: Subject) -> None:
    # One inside the other would be seen through the inner role alone, which may allow more.
    seen = current(subject.id)
    if seen is not None:
        raise ViewAsRefused(f"Already viewing {seen.context} as {seen.role!r}; end that first.")


def _named(role: Role | str, context: Any) -> Role:
    if isinstance(role, Role):
        return role
    policy = registry.get().policy
    on = _type_of(context)
    policy.satisfying(on, role)
    return policy.by_key[RoleKey(on, role)]


def _type_of(context: Any) -> str:
    if context is None:
        return PLATFORM.type
    if isinstance(context, Model):
        return registry.get().lineages.type_of(context).name
    return (context if isinstance(context, Context) else Context.parse(str(context))).type


def _session(request: Any) -> Any:
    session = getattr(request, "session", None)
    if session is None:
        raise ImproperlyConfigured(
            "A view-as is kept in the session: add SessionMiddleware to MIDDLEWARE."
        )
    if not sessions.is_restored(request):
        raise ImproperlyConfigured(
            "Nothing would restore a view-as: add authmigration.http.middleware.AuthzMiddleware "
            "to MIDDLEWARE, below AuthenticationMiddleware."
        )
    return session


def _author(user: Any, reason: str | None, otherwise: str) -> Authorship:
    why = reason if reason is not None else otherwise
    try:
        return authorship(reason=why)  # whoever acts in this user's name has said so
    except MissingReason:
        return authorship(user, why)


def _record(action: str, author: Authorship, viewing: Viewing, detail: dict[str, Any]) -> None:
    record(
        action,
        author,
        using=conf.get().database,
        subject=viewing.subject,
        role=viewing.role,
        context=viewing.context,
        detail=detail,
    )
