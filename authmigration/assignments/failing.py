"""Recording that a subject could not be synchronised, when its transaction was rolled back."""

from __future__ import annotations

from django.db import transaction

from .. import registry
from ..selectors import load
from ..trail import MIGRATOR, Authorship
from .claims import claim
from .mappings import version_of
from .planning import Mapping, Outcome, Sight, plan
from .storing import Batch, store


def record_failure(subject: str, error: Exception, *, using: str) -> Outcome:
    """Count one more failure of a subject; the last one allowed puts it into quarantine.

    Raises:
        Busy: somebody else holds the subject, and will count its own.

    """
    declared = registry.get()
    mapping = Mapping(declared.mapping_hash, version_of(declared.mapping_hash, using=using))
    with transaction.atomic(using):
        held = claim([subject], using=using, version=mapping.version)
        state = held.states.get(subject)
        if subject not in held.states or (state is not None and state.retired):
            return Outcome.BUSY
        if state is not None and state.mapping_version > mapping.version:
            return Outcome.NEWER_MAPPING
        stored = load([subject], using=using)[subject].facts
        batch = Batch(held.now)
        sight = Sight(subject, state, stored, frozenset(), error)
        author = Authorship(MIGRATOR, "synchronising failed")
        outcome, _ = plan(batch, sight, mapping, held.epoch, author, bulk=False)
        store(batch, using=using)
    return outcome
