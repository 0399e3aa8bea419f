"""Trying one subject again because a person asks for it, quarantined or not."""

from __future__ import annotations

from typing import NamedTuple

from ..assignments import Outcome, synchronise
from ..assignments.failing import record_failure
from ..dialects import is_passing
from ..errors import Busy


class Attempt(NamedTuple):
    """What became of the subject, and the reason where it failed."""

    outcome: Outcome
    reason: str = ""


def retry(subject: str, *, using: str, reason: str) -> Attempt:
    """Bring a subject up to date; success releases it from quarantine, failure counts once more.

    Args:
        subject: whom.
        using: the alias of the database.
        reason: who wants it and why, for the audit trail.

    Raises:
        RuntimeError: inside a transaction of the caller, since each subject has its own.
        DatabaseError: the failure could not even be recorded.

    """
    try:
        done = synchronise([subject], using=using, reason=reason, wait=True)
    except Busy as error:
        return Attempt(Outcome.BUSY, str(error))
    except RuntimeError:
        raise  # Django's word for a transaction of the caller, in which nothing was tried
    except Exception as error:  # noqa: BLE001 -- whatever the host's sources raise is this subject's
        return _failed(subject, error, using)
    loaded = done.loaded.get(subject)
    state = loaded.state if loaded is not None else None
    return Attempt(done.outcomes[subject], state.reason if state is not None else "")


def _failed(subject: str, error: Exception, using: str) -> Attempt:
    text = f"{type(error).__name__}: {error}"
    if is_passing(error):
        return Attempt(Outcome.BUSY, text)
    try:
        return Attempt(record_failure(subject, error, using=using), text)
    except Busy:
        return Attempt(Outcome.FAILED, text)
