"""Counters on their way to the database, after a response and never at its cost."""

from __future__ import annotations

import logging

from django.db import connections

from .. import conf, counters

logger = logging.getLogger("authmigration.http")


def flush_quietly() -> None:
    """Append what was tallied, if it is time; a failure is logged, and nothing is lost by it.

    Not inside a transaction of the caller: what was counted happened, also if that is undone.
    """
    using = conf.get().database
    if not counters.is_due() or connections[using].in_atomic_block:
        return
    try:
        counters.flush(using=using, at_once=False)
    except Exception as error:
        logger.warning("The counters could not be written: %s", error, exc_info=error)
