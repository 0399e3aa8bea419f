"""Where the snapshots of one request, task or ``pinned()`` block are kept, and dropped."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from . import conf


def _deadline() -> float:
    return time.monotonic() + conf.get().pin_seconds


@dataclass(slots=True)
class Pin:
    """The snapshots of one unit of work, by subject.

    Attributes:
        snapshots: subject to snapshot.
        ceilings: subject to a stage above which it must not be in this unit of work, as a task
            finds it in its headers.
        parents: looked-up parents of contexts, as old as the facts that are read with them.
        answers: decisions made from the snapshots, by question.
        unsettled: subjects that were changed in a transaction that has not committed; were they
            pinned, what is rolled back would go on to count.
        deadline: when the pin has grown too old, on the monotonic clock.

    """

    snapshots: dict[str, Any] = field(default_factory=dict)
    ceilings: dict[str, str] = field(default_factory=dict)
    parents: dict[Any, Any] = field(default_factory=dict)
    answers: dict[Any, Any] = field(default_factory=dict)
    unsettled: set[str] = field(default_factory=set)
    deadline: float = field(default_factory=_deadline)

    def forget(self, subject: str) -> None:
        """Forget the snapshot of a subject, and every decision, since one may rest on it."""
        self.snapshots.pop(subject, None)
        self.answers.clear()

    def clear(self) -> None:
        """Forget everything but the ceilings and who is unsettled."""
        self.snapshots.clear()
        self.parents.clear()
        self.answers.clear()
        self.deadline = _deadline()


_pin: ContextVar[Pin | None] = ContextVar("authmigration_pin", default=None)


def current() -> Pin | None:
    """Return the pin of this unit of work, emptied when it has grown too old; None outside one."""
    pin = _pin.get()
    if pin is not None and time.monotonic() > pin.deadline:
        pin.clear()
    return pin


def drop(subject: str | None = None) -> None:
    """Forget the snapshot of a subject, or of all: the next question reads anew."""
    pin = _pin.get()
    if pin is None:
        return
    if subject is None:
        pin.clear()
    else:
        pin.forget(subject)


def unsettle(subject: str) -> None:
    """Read a subject anew at each question until :func:`settle` says that its change stands."""
    pin = _pin.get()
    if pin is not None:
        pin.forget(subject)
        pin.unsettled.add(subject)


def settle(subject: str) -> None:
    """Pin a subject again, whose change has been committed."""
    pin = _pin.get()
    if pin is not None:
        pin.forget(subject)
        pin.unsettled.discard(subject)


@contextmanager
def pinned() -> Iterator[Pin]:
    """Answer every question inside the block from one snapshot for each subject.

    A block within another joins it, so that a request has one snapshot however it is nested.
    """
    outer = current()
    if outer is not None:
        yield outer
        return
    with resumed(Pin()) as pin:
        yield pin


@contextmanager
def resumed(pin: Pin) -> Iterator[Pin]:
    """Answer from a pin of before, whatever is pinned here.

    For work that goes on after its block has ended, or that comes with ceilings of its own: the
    chunks of a streamed response, a task.
    """
    token = _pin.set(pin)
    try:
        yield pin
    finally:
        _pin.reset(token)
