"""The legacy answer: the old check where one is declared, else the policy over legacy facts."""

from __future__ import annotations

from inspect import isawaitable, isgenerator
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase

from auth_lib import PLATFORM, Decision, Reason, decide

from ..legacy import LegacyCheck
from ..snapshots import LEGACY, Snapshot
from .targets import Target

_DENIALS = frozenset({401, 403, 404})
_FIRST_REFUSAL = 300


class Control(NamedTuple):
    """The legacy answer, and what the old code raised to give it."""

    decision: Decision
    raised: Exception | None = None


def control(
    snapshot: Snapshot, permission: str, target: Target, *, answering: bool = False
) -> Control:
    """Return the legacy answer to a permission.

    Args:
        snapshot: of the subject.
        permission: what is asked.
        target: of what.
        answering: somebody waits for it: legacy sources that fail give nothing, and do not raise.

    Raises:
        Exception: whatever the old check raises that is no denial, as today; what makes the legacy
            sources fail, unless ``answering``.

    """
    check = check_for(permission, target)
    if check is not None:
        return _checked(check, snapshot, target)
    policy = target.declared.policy
    held = snapshot.legacy_answering() if answering else snapshot.legacy_held()
    wanted = held.types | frozenset(policy.public_on.get(permission, ()))
    found = decide(policy, held, permission, target.lineage(wanted), open_here=target.opens())
    return Control(_stamped(found, snapshot))


def check_for(permission: str, target: Target) -> LegacyCheck[Any] | None:
    """Return the old check that answers for a target; None where it knows no such objects."""
    check = target.declared.checks.get(permission)
    if check is None or check.context_type == target.first.type:
        return check
    if target.first == PLATFORM:
        return check if check.takes(1) else None
    # Were it given a row of another type, it would speak of whatever has the same key or column.
    return None if check.context_type in target.declared.lineages.by_name else check


def _checked(check: LegacyCheck[Any], snapshot: Snapshot, target: Target) -> Control:
    subject = snapshot.subject
    if subject.id is not None and subject.user is None:
        return Control(_answer(snapshot, allowed=False))  # legacy code knows people only
    user = subject.user if subject.user is not None else AnonymousUser()
    try:
        row = target.row()
        alone = target.first == PLATFORM or not check.takes(2)
        allowed = _is_allowed(check(user) if alone else check(user, row))
    except (PermissionDenied, Http404) as error:
        return Control(_answer(snapshot, allowed=False), error)
    except Exception as error:
        if getattr(error, "status_code", None) in _DENIALS:
            return Control(_answer(snapshot, allowed=False), error)
        raise
    return Control(_answer(snapshot, allowed=allowed))


def _is_allowed(answer: object) -> bool:
    # A response is true in Python, also one that says 403 or sends to the log-in page.
    if isinstance(answer, HttpResponseBase):
        return answer.status_code < _FIRST_REFUSAL
    if isawaitable(answer) or isgenerator(answer):
        raise TypeError(f"An old check returned a {type(answer).__name__}, which is no answer.")
    return bool(answer)


def _answer(snapshot: Snapshot, *, allowed: bool) -> Decision:
    reason = Reason.LEGACY if allowed else Reason.LEGACY_DENIED
    return Decision(allowed, reason, None, LEGACY, snapshot.stage, snapshot.generation)


def _stamped(decision: Decision, snapshot: Snapshot) -> Decision:
    return Decision(
        decision.allowed,
        decision.reason,
        decision.because,
        LEGACY,
        snapshot.stage,
        snapshot.generation,
    )
