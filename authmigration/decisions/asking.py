"""The verbs by which a host asks: check, require, is_authorized, and their async twins."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from asgiref.sync import sync_to_async
from django.core.exceptions import PermissionDenied, SynchronousOnlyOperation

from auth_lib import PLATFORM, Context, Decision

from .. import pins, registry, snapshots
from ..registry import Registry
from ..snapshots import CENTRAL
from ..subjects import subject_of, subjects_of
from .answers import Answer, answer, answer_role
from .memory import Key, decided, is_kept, key_of
from .targets import target_of


def check(who: Any, permission: str, what: Any = PLATFORM) -> Decision:
    """Answer whether a subject has a permission on an object.

    Args:
        who: a user, somebody anonymous, or the id of a subject.
        permission: ``grade.edit``.
        what: an object of a declared context type, a ``Context``, or its text, ``course:42``;
            left out for what is asked of the platform as a whole.

    Raises:
        UnknownPermission: the policy does not declare it.
        InvalidContext, UnknownContextType: ``what`` is none; ``None`` never means "any".

    """
    return _asked(who, permission, what).decision


def require(who: Any, permission: str, what: Any = PLATFORM) -> Decision:
    """Insist that a subject has a permission.

    Args:
        who: a user, somebody anonymous, or the id of a subject.
        permission: ``grade.edit``.
        what: see :func:`check`.

    Raises:
        PermissionDenied: it has not; in the legacy world whatever the old check raises to say so.
        UnknownPermission, InvalidContext, UnknownContextType: see :func:`check`.

    """
    found = _asked(who, permission, what)
    if found.decision.allowed:
        return found.decision
    if found.raised is not None:
        raise found.raised
    raise PermissionDenied(f"{permission}: {found.decision}")


def is_authorized(who: Any, context: str, context_id: object, role: str) -> Decision:
    """Answer whether a subject holds a role in a context, or has it implied from above.

    Args:
        who: a user, somebody anonymous, or the id of a subject.
        context: the type: ``course``.
        context_id: the id of one; ``None`` raises, and never means "any".
        role: ``teacher``.

    Raises:
        InvalidContext, UnknownContextType, UnknownRole: there is no such thing.

    """
    declared = registry.get()
    declared.policy.require_type(context)
    target = target_of(declared, Context.of(context, context_id))
    return answer_role(declared, subject_of(who), role, target)


async def acheck(who: Any, permission: str, what: Any = PLATFORM) -> Decision:
    """Answer as :func:`check` does; without the database once the subject is pinned and central.

    A question by id may have to look a parent up all the same.
    """
    return await _asked_in_a_loop(check, who, permission, what)


async def arequire(who: Any, permission: str, what: Any = PLATFORM) -> Decision:
    """Insist as :func:`require` does; see :func:`acheck`."""
    return await _asked_in_a_loop(require, who, permission, what)


async def _asked_in_a_loop(
    ask: Callable[[Any, str, Any], Decision], who: Any, permission: str, what: Any
) -> Decision:
    if _needs_no_database(who):
        with suppress(SynchronousOnlyOperation):
            return ask(who, permission, what)
    return await sync_to_async(ask)(who, permission, what)


def prefetch(people: Any) -> None:
    """Read what several subjects hold in one query, for the rest of this unit of work.

    Args:
        people: users, or their ids; inside a request or a ``pinned()`` block, which keeps what
            was read.

    Raises:
        UnknownSubject: one of them is nobody.

    """
    snapshots.prefetch(subjects_of(people))


async def aprefetch(people: Any) -> None:
    """Read as :func:`prefetch` does."""
    await sync_to_async(prefetch)(list(people))


def _asked(who: Any, permission: str, what: Any) -> Answer:
    """Answer from what this unit of work has decided already, or anew."""
    pin = pins.current()
    if pin is None:
        return _answered(who, permission, what)
    declared = registry.get()
    key = key_of(declared, who, permission, what)
    if key is None:
        return _answered(who, permission, what)
    found: Answer | None = pin.answers.get(key)
    return _anew(declared, pin, key, (who, permission, what)) if found is None else found


def _anew(declared: Registry, pin: pins.Pin, key: Key, question: tuple[Any, str, Any]) -> Answer:
    """Answer a question, from its key alone if that suffices, and keep the answer if it may be."""
    who, permission, _ = question
    subject = str(who.pk)
    decision = decided(declared, pin.snapshots.get(subject), who, key)
    if decision is not None:
        found = pin.answers[key] = Answer(decision)
        return found
    found = _answered(*question)
    snapshot = pin.snapshots.get(subject)
    if snapshot is not None and is_kept(declared, snapshot, permission):
        pin.answers[key] = found
    return found


def _answered(who: Any, permission: str, what: Any) -> Answer:
    declared = registry.get()
    return answer(declared, subject_of(who), permission, target_of(declared, what))


def _needs_no_database(who: Any) -> bool:
    pin = pins.current()
    if pin is None or isinstance(who, str):
        return False
    found = pin.snapshots.get(subject_of(who).id or "")
    return found is not None and found.world == CENTRAL and not found.compared
