"""Every change of ours is one transaction with one event in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import InterfaceError, OperationalError, connections, transaction

from . import conf
from .errors import MissingActor, MissingReason, StoreUnreachable
from .store import refresh_now, uses_callers

#: Who changes something: a user, or the name of a program or a person.
Actor = AbstractBaseUser | str
State = dict[str, Any]
LONGEST_ACTOR = 150


@dataclass(frozen=True, slots=True)
class Who:
    """Who changed what by which way, and why.

    Attributes:
        actor: id of the user, or a name.
        actor_name: name of the user at that time.
        channel: ``code``, ``command``, ``admin``, ``api``, ``guard`` or ``waffle``.
        reason: why.

    """

    actor: str
    actor_name: str
    channel: str
    reason: str


@dataclass(frozen=True, slots=True)
class Target:
    """What a change alters.

    Attributes:
        type: ``flag``, ``cohort`` or ``kill_switch``.
        name: its name.
        lock: lets one change of it at a time go on; by a statement that writes.
        state: reads it, as JSON can hold it.

    """

    type: str
    name: str
    lock: Callable[[], object]
    state: Callable[[], State]


def who(actor: Actor, reason: str, channel: str) -> Who:
    """Put together who changes something, and why.

    Raises:
        MissingActor: nobody is named.
        MissingReason: the reason is blank.
        ValueError: an unknown channel.

    """
    from .models import FlagEvent

    if channel not in FlagEvent.CHANNELS:
        raise ValueError(f"Unknown channel {channel!r}. Known: {', '.join(FlagEvent.CHANNELS)}.")
    if not (reason or "").strip():
        raise MissingReason
    key, name = _named(actor)
    if not key.strip():
        raise MissingActor
    return Who(key[:LONGEST_ACTOR], name, channel, reason.strip())


@contextmanager
def recorded(by: Who, action: str, target: Target) -> Iterator[None]:
    """Run a change in one transaction, with its event, and let this process see it at commit.

    Args:
        by: who, and why.
        action: ``admit``, ``kill``, …
        target: what is changed.

    Raises:
        StoreUnreachable: the database cannot be written; nothing was changed.

    """
    alias = conf.get().database
    try:
        with transaction.atomic(using=alias):
            # A write comes first: SQLite cannot make a writer of a reader once others have written.
            target.lock()
            before = target.state()
            yield
            write_event(by, action, (target.type, target.name), before, target.state())
            transaction.on_commit(refresh_now, using=alias, robust=True)
    except (OperationalError, InterfaceError) as error:
        raise StoreUnreachable(
            f"Nothing was changed: the database {alias!r} cannot be written ({error})."
        ) from error
    if uses_callers(connections[alias]):
        # Over one's own connection one's own uncommitted change counts at once.
        refresh_now()


def write_event(
    by: Who, action: str, target: tuple[str, str], before: State | None, after: State | None
) -> None:
    """Add an event to the history.

    Args:
        by: who, and why.
        action: what was done.
        target: type and name.
        before: what it was.
        after: what it is.

    """
    from .models import FlagEvent

    FlagEvent.objects.using(conf.get().database).create(
        actor=by.actor,
        actor_name=by.actor_name,
        channel=by.channel,
        reason=by.reason,
        action=action,
        target_type=target[0],
        target=target[1],
        before=before or {},
        after=after or {},
    )


def _named(actor: Actor) -> tuple[str, str]:
    if isinstance(actor, str):
        return actor, ""
    key = getattr(actor, "pk", None)
    return ("", "") if key is None else (str(key), actor.get_username())
