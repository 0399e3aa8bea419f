"""The audit trail: every change of access says who and why."""

from __future__ import annotations

import re
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


SYSTEM_PREFIX = "system:"
_USER_PREFIX = "user:"
_SYSTEM = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*\Z")
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who changes something, and why."""

    actor: str
    reason: str

    @property
    def subject(self) -> str | None:
        """The id of the user who acts, to ask about; None where a program does."""
        found = self.actor.removeprefix(_USER_PREFIX)
        return found if found != self.actor else None


def system(name: str) -> str:
    """Return the actor that a program is: ``system("nightly-export")``.

    Args:
        name: of the program: lower-case letters and digits, with ``.``, ``-`` or ``_`` between.

    Raises:
        MissingReason: it is none; a name that varies from run to run cannot be searched for.

    """
    if len(name) > _LONGEST - len(SYSTEM_PREFIX) or not _SYSTEM.match(name):
        raise MissingReason(
            f"{name!r} is no name of a program: write one as in system('nightly-export')."
        )
    return f"{SYSTEM_PREFIX}{name}"


_author: ContextVar[Authorship | None] = ContextVar("authmigration_author", default=None)


@contextmanager
def acting_as(actor: Any, *, reason: str) -> Iterator[Authorship]:
    """Name the actor and the reason of all changes of access inside the block.

    Args:
        actor: a user, or a program: ``system("nightly-export")``.
        reason: why; not blank.

    Raises:
        MissingReason: the actor or the reason is blank.

    """
    token = _author.set(authorship(actor, reason))
    try:
        yield _author.get()  # type: ignore[misc]
    finally:
        _author.reset(token)


def acting() -> Authorship | None:
    """Return who acts in this unit of work, as the enclosing :func:`acting_as` says; else None."""
    return _author.get()


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
    return Authorship(name.strip()[:_LONGEST], why.strip())


def _name(actor: Any) -> str:
    return actor if isinstance(actor, str) else f"{_USER_PREFIX}{id_of(actor)}"


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
