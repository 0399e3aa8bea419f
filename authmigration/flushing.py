"""Counters and differences on their way to the database, after a response or a task."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import connections

from . import conf, counters, shadow

logger = logging.getLogger("authmigration.flushing")


_others: dict[Callable[[], bool], Callable[[], None]] = {}


def add(is_due: Callable[[], bool], flush: Callable[[], None]) -> None:
    """Write something else as well, of a layer above; adding it again changes nothing."""
    _others[is_due] = flush


def is_due() -> bool:
    """Whether there is anything to write now."""
    return shadow.is_waiting() or counters.is_due() or any(due() for due in _others)


def flush_quietly() -> None:
    """Write what was found and tallied; a failure is logged, and no count is lost by it.

    Not inside a transaction of the caller: what was counted happened, also if that is undone.
    """
    using = conf.get().database
    if not is_due() or connections[using].in_atomic_block:
        return
    try:
        shadow.flush()
        counters.flush(using=using, at_once=False)
        for flush in _others.values():
            flush()
    except Exception as error:
        logger.warning("The counters could not be written: %s", error, exc_info=error)
