"""Counters and differences on their way to the database, after a response or a task."""

from __future__ import annotations

import logging

from django.db import connections

from . import conf, counters, shadow

logger = logging.getLogger("authmigration.flushing")


def is_due() -> bool:
    """Whether there is anything to write now."""
    return shadow.is_waiting() or counters.is_due()


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
    except Exception as error:
        logger.warning("The counters could not be written: %s", error, exc_info=error)
