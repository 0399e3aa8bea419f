"""The audit trail: every change of access says who and why."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from auth_lib import Context

from .errors import MissingReason
from .models import AuditEvent
from .subjects import id_of

MIGRATOR = "authmigration.migrator"
"""The actor of every change that only follows the legacy tables."""


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who changes something, and why."""

    actor: str
    reason: str


_author: ContextVar[Authorship | None] = ContextVar("authmigration_author", default=None)


@contextmanager
def acting_as(actor: Any, *, reason: str) -> Iterator[Authorship]:
    """Name the actor and the reason of all changes of access inside the block.

    Args:
        actor: a user, or a text that names a program: ``"nightly-import"``.
        reason: why; not blank.

    Raises:
        MissingReason: the actor or the reason is blank.

    """
    token = _author.set(authorship(actor, reason))
    try:
        yield _author.get()  # type: ignore[misc]
    finally:
        _author.reset(token)


def authorship(actor: Any = None, reason: str | None = None) -> Authorship:
    """Return actor and reason as given, each else from the enclosing :func:`acting_as`.

    Raises:
        MissingReason: one of them is named nowhere.

    """
    around = _author.get()
    name = _name(actor) if actor is not None else (around.actor if around else "")
    why = reason if reason is not None else (around.reason if around else "")
    if not name.strip():
        raise MissingReason(
            "Nobody is named as the actor: pass actor=, or use `with acting_as(user, reason=...)`."
        )
    if not why.strip():
        raise MissingReason("No reason is given: pass reason=, a sentence for the audit trail.")
    return Authorship(name.strip()[:100], why.strip())


def _name(actor: Any) -> str:
    return actor if isinstance(actor, str) else f"user:{id_of(actor)}"


def record(
    action: str,
    author: Authorship,
    *,
    using: str,
    subject: str = "",
    role: str = "",
    context: Context | None = None,
    generation: int = 0,
    detail: dict[str, Any] | None = None,
) -> AuditEvent:
    """Append one event, in the transaction of the caller."""
    return AuditEvent.objects.using(using).create(
        actor=author.actor,
        action=action,
        subject=subject,
        role=role,
        context=str(context) if context else "",
        reason=author.reason,
        generation=generation,
        detail=detail or {},
    )
