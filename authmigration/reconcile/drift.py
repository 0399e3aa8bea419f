"""Drift: facts that legacy yields and that are not stored, and the other way round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from .. import registry
from ..assignments.gathering import Facts, gather
from ..selectors import Loaded, load

BATCH = 500


@dataclass(frozen=True, slots=True)
class Drift:
    """What differs for one subject; empty where central minus native is what legacy yields.

    Attributes:
        subject: whose.
        missing: legacy yields it, and it is not stored.
        surplus: it is stored with a legacy source, and legacy does not yield it.
        pending: the subject is unmigrated, stale or quarantined, so that legacy decides anyway.

    """

    subject: str
    missing: Facts
    surplus: Facts
    pending: bool

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus)


def drifts(subjects: Iterable[str], *, using: str) -> Iterator[Drift]:
    """Compare subjects, some hundred at a time; yields one for each, also where nothing differs."""
    rest = iter(subjects)
    while batch := list(islice(rest, BATCH)):
        stored = load(batch, using=using)
        yielded = gather(registry.get(), batch, using=using)
        for subject in batch:
            yield _compared(stored[subject], frozenset(yielded[subject].facts))


def _compared(stored: Loaded, legacy: Facts) -> Drift:
    central = frozenset((s.source, s.fact) for s in stored.facts if not s.is_native)
    pending = not stored.is_fresh(registry.get().mapping_hash)
    return Drift(stored.subject, legacy - central, central - legacy, pending)
