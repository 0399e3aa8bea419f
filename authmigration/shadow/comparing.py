"""The candidate beside the control: whatever happens here, the control has already answered."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from auth_lib import Decision

from .. import conf, counters, registry
from ..models import Mismatch
from ..rollout import Staged
from .recording import Difference, record

logger = logging.getLogger("authmigration.shadow")

Kind = Mismatch.Kind
TIMEOUT_MILLISECONDS = 200


class Pair(NamedTuple):
    """Both answers to one question; the candidate with native facts taken out."""

    control: bool
    candidate: Decision


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question to compare.

    Attributes:
        subject: whose; an id.
        staged: the stage of its rollout cohort.
        permission: what was asked.
        context_type: of what.
        stricter: why the candidate may deny what the control allows; None where it may not.
        roles: returns the names of the roles held on the lineage.
        control_origin: where the old answer is declared.
        now: answers both from what is known already.
        again: answers both from a fresh snapshot.

    """

    subject: str
    staged: Staged
    permission: str
    context_type: str
    stricter: str | None
    roles: Callable[[], tuple[str, ...]]
    control_origin: str
    now: Callable[[], Pair]
    again: Callable[[], Pair | None]


def observe(comparison: Comparison) -> Mismatch | None:
    """Compare both answers, and record the difference if it stands on a fresh snapshot.

    Nothing that goes wrong here reaches the caller.
    """
    try:
        return _observed(comparison)
    except Exception:
        counters.tally("checks", "failed")
        logger.exception("Comparing %s failed.", comparison.permission)
        return None


def _observed(comparison: Comparison) -> Mismatch | None:
    with _guarded(alone=True):
        pair = comparison.now()
    if pair.control == pair.candidate.allowed:
        counters.tally("checks", "equal")
        return None
    with _guarded(alone=False):
        pair_again = comparison.again()
        roles = comparison.roles()
    if pair_again is None or pair_again.control == pair_again.candidate.allowed:
        counters.tally("checks", "raced")
        return None
    difference = _difference(comparison, pair_again, roles)
    counters.tally("checks", difference.kind)
    return record(difference)


@contextmanager
def _guarded(*, alone: bool) -> Iterator[None]:
    """Keep a failing or slow query of the comparison from the caller and its transaction.

    A comparison that asks the database nothing, as most do, costs it nothing.

    Args:
        alone: whether a transaction may be opened where the caller has none, as a time limit
            needs one; not where a subject may be migrated, which takes one of its own.

    """
    connection = connections[conf.get().database]
    limited = alone and connection.vendor == "postgresql"
    if not (connection.in_atomic_block or limited):
        yield
        return
    with ExitStack() as stack, connection.execute_wrapper(_Guard(connection, stack)):
        yield


class _Guard:
    """Opens a savepoint, or a transaction, with a time limit before the first statement."""

    def __init__(self, connection: BaseDatabaseWrapper, stack: ExitStack) -> None:
        self._connection = connection
        self._stack = stack
        self._opened = False

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        if not self._opened:
            self._opened = True
            self._stack.enter_context(transaction.atomic(self._connection.alias))
            self._stack.enter_context(_limited(self._connection))
        return execute(*statement)


@contextmanager
def _limited(connection: BaseDatabaseWrapper) -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        before = cursor.fetchone()[0]
        cursor.execute(f"SET LOCAL statement_timeout = {TIMEOUT_MILLISECONDS}")
    yield  # where it raises, the way back to the savepoint takes the limit away as well
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])


def _difference(comparison: Comparison, pair: Pair, roles: tuple[str, ...]) -> Difference:
    kind, reason = _kind(comparison, pair)
    return Difference(
        kind=kind,
        permission=comparison.permission,
        context_type=comparison.context_type,
        reason=reason,
        origin=_origin(comparison, pair),
        staged=comparison.staged,
        subject=comparison.subject,
        roles=roles,
        control=pair.control,
        candidate=str(pair.candidate),
        because=_role_of(pair.candidate),
    )


def _kind(comparison: Comparison, pair: Pair) -> tuple[Kind, str]:
    expected = expected_because(comparison.permission)
    if expected is not None:
        return Kind.EXPECTED, expected
    if pair.candidate.allowed:
        return Kind.ESCALATION, "the central policy allows what the legacy code denies"
    if comparison.stricter is not None:
        return Kind.INTENDED, comparison.stricter
    return Kind.LOCKOUT, "the central policy denies what the legacy code allows"


def expected_because(permission: str) -> str | None:
    """Return why differences of a permission are vouched for today; None where they are not."""
    today = date.today()  # noqa: DTZ011 -- a day of the calendar in which people plan
    for expected in registry.get().expected:
        if expected.permission == permission and today <= expected.until:
            return str(expected.reason)
    return None


def _origin(comparison: Comparison, pair: Pair) -> str:
    because = pair.candidate.because
    if because is not None:
        name, context = because
        role = registry.get().policy.by_key.get((context.type, name))  # type: ignore[call-overload]
        if role is not None:
            return str(role.origin)
    return comparison.control_origin


def _role_of(decision: Decision) -> str:
    return decision.because[0] if decision.because is not None else ""
