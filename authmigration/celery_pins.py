"""Tasks follow their sender: its actor acts, and nobody is at a higher stage than it saw.

The stages of the sender's snapshots travel in a header of the message. In the worker they are
ceilings: the lower of header and flags holds, so that a task in a queue is not of another world
than the request that sent it, and a kill after sending still reaches it. So does the actor of the
sender, with the reason: what a task changes is in the trail as the work of whoever sent it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from typing import Any

from . import pins, trail
from .errors import UnknownStage
from .flushing import flush_quietly
from .rollout import Stage

logger = logging.getLogger("authmigration.celery_pins")

HEADER = "authmigration_stages"
AUTHOR = "authmigration_author"
MOST_SUBJECTS = 20

_UNIT = "authmigration_unit"


def connect_celery() -> bool:
    """Hand stages over to tasks from now on; return False where Celery is not installed."""
    try:
        from celery import signals
    except ImportError:
        return False
    signals.before_task_publish.connect(hand_over, dispatch_uid=f"{__name__}.hand_over")
    signals.task_prerun.connect(begin, dispatch_uid=f"{__name__}.begin")
    signals.task_postrun.connect(end, dispatch_uid=f"{__name__}.end")
    return True


def hand_over(*, headers: dict[str, Any] | None = None, **_: object) -> None:
    """Write the stages and the actor of this unit of work into the headers of a message."""
    if headers is None:
        return
    author = trail.acting()
    if author is not None:
        headers[AUTHOR] = [author.actor, author.reason]
    stages = _stages()
    if stages:
        headers[HEADER] = dict(list(stages.items())[:MOST_SUBJECTS])


def _stages() -> dict[str, str]:
    pin = pins.current()
    if pin is None:
        return {}
    seen = {subject: str(found.stage) for subject, found in pin.snapshots.items() if subject}
    return pin.ceilings | seen


def begin(*, task: Any, **_: object) -> None:
    """Pin the snapshots of a task, below the stages that its message names, and say who acts."""
    request = task.request
    if request.is_eager and pins.current() is not None:
        return  # it runs inside the unit of work that called it
    unit = ExitStack()
    unit.enter_context(pins.resumed(pins.Pin(ceilings=_ceilings(_header(request, HEADER)))))
    unit.enter_context(_acting(_header(request, AUTHOR)))
    setattr(request, _UNIT, unit)


def end(*, task: Any, **_: object) -> None:
    """Drop the snapshots of a task, and write what was found and tallied in it."""
    unit = getattr(task.request, _UNIT, None)
    if unit is None:
        return
    unit.close()
    if not task.request.is_eager:
        flush_quietly()


def _header(request: Any, name: str) -> object:
    # An eager task is given its headers apart; a worker finds them among those of the message.
    return request.get(name) or (request.headers or {}).get(name)


def _acting(header: object) -> AbstractContextManager[object]:
    if header is None:
        return nullcontext()
    pair = header if isinstance(header, list | tuple) else ()
    try:
        author = trail.authorship(*map(str, pair))
    except (TypeError, ValueError):
        logger.warning("A task names the actor %r, which is none.", header)
        return nullcontext()
    return trail.acting_as(author.actor, reason=author.reason)


def _ceilings(header: object) -> dict[str, str]:
    if not isinstance(header, Mapping):
        return {}
    found: dict[str, str] = {}
    for subject, name in list(header.items())[:MOST_SUBJECTS]:
        try:
            found[str(subject)] = Stage.named(name).value
        except UnknownStage:
            logger.warning("A task names the stage %r, which does not exist here.", name)
    return found
