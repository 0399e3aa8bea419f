"""The kill switch of the stages: whoever is not retired is legacy's again, and nothing moves."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError, connections, transaction

import feature_flags
from feature_flags import FlagError, KillState
from feature_flags.conf import get as flag_options
from feature_flags.connections import in_memory
from feature_flags.outside import variable_of

from .. import conf, trail
from ..signals import world_turned
from .flags import KILL_SWITCH

__all__ = (
    "VARIABLE",
    "FlagError",
    "KillState",
    "kill",
    "kill_state",
    "lift",
    "seen_within",
    "shared_connection",
)

logger = logging.getLogger("authmigration.rollout")

VARIABLE = variable_of(KILL_SWITCH)
"""The environment variable that kills a process from its start."""


def kill_state() -> KillState:
    """Return whether the stages are killed, and by what; works without the database."""
    return feature_flags.kill_state(KILL_SWITCH)


def kill(*, actor: Any, reason: str | None, channel: str = "code") -> KillState:
    """Give every subject that is not retired back to legacy.

    Args:
        actor: a user, or the name of a program or person; else that of :func:`acting_as`.
        reason: why; else that of :func:`acting_as`.
        channel: by which way, for the history: ``code``, ``command``, ``admin`` or ``api``.

    Raises:
        MissingReason: actor or reason is missing.
        FlagError: the database cannot be written; the message names the ways without it.

    """
    return _turned(feature_flags.kill, "kill", (actor, reason, channel))


def lift(*, actor: Any, reason: str | None, channel: str = "code") -> KillState:
    """Take the kill in the database back; the state says whether something else still kills.

    Arguments and errors as :func:`kill`.
    """
    return _turned(feature_flags.lift, "lift", (actor, reason, channel))


def seen_within() -> float:
    """Return after how many seconds at most every process sees a kill."""
    return flag_options().snapshot_seconds


def shared_connection() -> str:
    """Say why a kill may go unseen by a transaction under way; empty where it cannot."""
    options = flag_options()
    if options.connection == "caller":
        return "FEATURE_FLAGS['CONNECTION'] is 'caller'."
    if in_memory(connections[options.database]):
        return f"The database {options.database!r} lives in memory, inside one connection."
    return ""


def _turned(
    turn: Callable[..., KillState], action: str, by: tuple[Any, str | None, str]
) -> KillState:
    state = _written(turn, action, by)
    world_turned.send_robust(None)
    return state


def _written(
    turn: Callable[..., KillState], action: str, by: tuple[Any, str | None, str]
) -> KillState:
    who, why, channel = by
    author = trail.authorship(who, why)
    given = {"actor": who or author.actor, "reason": author.reason, "channel": channel}
    using = conf.get().database
    try:
        with transaction.atomic(using):
            state = turn(KILL_SWITCH, **given)
            trail.record(action, author, using=using, detail={"killed_by": list(state.by)})
    except (OperationalError, InterfaceError) as error:
        # The brake does not wait for the trail: the history of the flags is kept by itself.
        logger.warning("The trail could not be written: %s", error)
        return turn(KILL_SWITCH, **given)
    return state
