"""Reading what is stored of some subjects, also on the day when it cannot be read."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import Error, connections

from auth_lib import Fact

from .. import conf, counters
from ..selectors import Loaded, load, load_native

logger = logging.getLogger("authmigration.snapshots")


@dataclass(frozen=True, slots=True)
class Read:
    """What was loaded; of those whose state could not be read the native facts, if they could."""

    loaded: Mapping[str, Loaded] = field(default_factory=dict)
    native: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)


def read(subjects: list[str]) -> Read:
    """Read state and facts; where that fails the native facts, and where that fails nothing."""
    using = conf.get().database
    try:
        return Read(load(subjects, using=using))
    except Error as error:
        if connections[using].in_atomic_block:
            raise  # the caller's transaction is lost anyway; hiding that would only confuse
        counters.tally("snapshots", "unreadable", len(subjects))
        shown = ", ".join(subjects[:5])
        logger.warning("The facts of %s could not be read.", shown, exc_info=error)
    try:
        return Read(native=load_native(subjects, using=using))
    except Error as error:
        logger.warning("Nor could the native facts of %s.", shown, exc_info=error)
        return Read()
