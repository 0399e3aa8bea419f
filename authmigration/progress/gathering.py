"""What is known beside the users: captured changes, the mapping, and the comparisons."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Count, Max, Q

from .. import capture, conf, counters, registry
from ..models import ChangeMark, MappingVersion, Mismatch
from ..shadow.mismatches import GRAVEST_FIRST

KINDS = ("equal", "intended", "expected", "lockout", "escalation", "raced", "failed")
"""How a comparison can end, in the order in which they are shown."""


class Marks(NamedTuple):
    """Captured changes.

    Attributes:
        epoch: the number of changes so far that no single user could be named for.
        subjects: how many marks of single subjects wait to be followed.
        epochs: how many marks without a subject wait to be moved into the base of the epoch.

    """

    epoch: int
    subjects: int
    epochs: int


class Mapping(NamedTuple):
    """The source declarations of this process.

    Attributes:
        hash: of the declarations.
        version: its place in the order of hashes; None: nothing was migrated under it yet.
        newest: the last version that any process has used; None: there is none.

    """

    hash: str
    version: int | None
    newest: int | None


class Comparisons(NamedTuple):
    """Old answers beside new ones.

    Attributes:
        ended: how many comparisons ended how, by name.
        open: how many mismatches of each kind are not resolved.

    """

    ended: dict[str, int]
    open: dict[str, int]


def marks() -> Marks:
    """Read the epoch and count what waits."""
    using = conf.get().database
    waiting = ChangeMark.objects.using(using).aggregate(
        subjects=Count("id", filter=~Q(subject="")), epochs=Count("id", filter=Q(subject=""))
    )
    return Marks(capture.current_epoch(using), waiting["subjects"], waiting["epochs"])


def mapping() -> Mapping:
    """Look where the declarations of this process stand in the order, without entering them."""
    mapping_hash = registry.get().mapping_hash
    versions = MappingVersion.objects.using(conf.get().database)
    found = versions.aggregate(
        newest=Max("version"), mine=Max("version", filter=Q(mapping_hash=mapping_hash))
    )
    return Mapping(mapping_hash, found["mine"], found["newest"])


def comparisons() -> Comparisons:
    """Count comparisons by how they ended, and the mismatches that are open."""
    using = conf.get().database
    counted = counters.values("checks", using=using)
    rows = Mismatch.objects.using(using).filter(resolved_at=None).values_list("kind")
    open_ones = dict(rows.annotate(count=Count("pk")))
    return Comparisons(
        {kind: counted.get(kind, 0) for kind in KINDS},
        {kind: open_ones.get(kind, 0) for kind in GRAVEST_FIRST},
    )
