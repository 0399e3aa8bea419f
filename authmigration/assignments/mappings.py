"""The order of mapping hashes, so that an old process never overwrites a newer one's work."""

from __future__ import annotations

import time

from django.db import IntegrityError, connections, transaction
from django.db.models import Max

from ..models import MappingVersion

REMEMBERED_SECONDS = 60.0
"""How long a process goes on believing the order, which :func:`adopt` in another one changes."""

_known: dict[tuple[str, str], tuple[int, float]] = {}


def version_of(mapping_hash: str, *, using: str) -> int:
    """Return the place of a hash in the order in which hashes were first used here."""
    known, until = _known.get((using, mapping_hash), (0, 0.0))
    if time.monotonic() < until:
        return known
    found = _registered(mapping_hash, using)
    _remember(using, mapping_hash, found)
    return found


def _remember(using: str, mapping_hash: str, version: int) -> None:
    def remember() -> None:
        _known[using, mapping_hash] = (version, time.monotonic() + REMEMBERED_SECONDS)

    if connections[using].in_atomic_block:
        # The row may be of this transaction, and be rolled back with it.
        transaction.on_commit(remember, using=using)
    else:
        remember()


def adopt(mapping_hash: str, *, using: str) -> int:
    """Make a hash the newest again, as after a release was taken back for good."""
    with transaction.atomic(using):
        MappingVersion.objects.using(using).filter(mapping_hash=mapping_hash).delete()
        forget()
        return version_of(mapping_hash, using=using)


def forget() -> None:
    """Forget what this process knows of the order; tests start from an empty table."""
    _known.clear()


def _registered(mapping_hash: str, using: str) -> int:
    versions = MappingVersion.objects.using(using)
    for _ in range(5):
        found = versions.filter(mapping_hash=mapping_hash).values_list("version", flat=True).first()
        if found is not None:
            return found
        newest = versions.aggregate(newest=Max("version"))["newest"] or 0
        try:
            with transaction.atomic(using):
                versions.create(mapping_hash=mapping_hash, version=newest + 1)
        except IntegrityError:
            continue  # another process took the number; its row, or the next number, is there now
    return versions.get(mapping_hash=mapping_hash).version
