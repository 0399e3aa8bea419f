"""Making the stored facts of some subjects those that the legacy sources yield now.

Lazy migration, re-synchronisation, backfill and repair are all this one function; it may be run
again at any time, by anybody, and changes nothing where nothing is to be changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction

from .. import pins, registry
from ..rollout import units
from ..selectors import Loaded, load
from ..signals import facts_changed
from ..trail import MIGRATOR, Authorship
from .claims import Claim, claim
from .gathering import gather
from .mappings import version_of
from .planning import Mapping, Outcome, Sight, plan
from .storing import Batch, store


@dataclass(slots=True)
class Synchronised:
    """What became of each subject, and what those that were synchronised hold now."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    loaded: dict[str, Loaded] = field(default_factory=dict)

    def count(self, *outcomes: Outcome) -> int:
        """Return how many subjects had one of the outcomes."""
        return sum(1 for outcome in self.outcomes.values() if outcome in outcomes)


def synchronise(
    subjects: Iterable[str],
    *,
    using: str,
    reason: str,
    known: dict[str, Loaded] | None = None,
    bulk: bool = False,
    wait: bool = False,
    budget: float | None = None,
) -> Synchronised:
    """Bring subjects up to date in one transaction of its own; legacy rows are read, never written.

    Args:
        subjects: whom. Whoever is held by somebody else is left out, not waited for.
        using: the alias of the database.
        reason: why, for the audit trail.
        known: what was loaded of subjects a moment ago; saves reading the facts of those without
            a state again, and looking for marks where none was seen.
        bulk: one audit event for all first migrations instead of one each.
        wait: wait for subjects that somebody else holds.
        budget: seconds that one statement may take, where the database can be told.

    Raises:
        Busy: somebody else was faster with one of them; nothing is written.
        DatabaseError: nothing is written.

    """
    declared = registry.get()
    mapping = Mapping(declared.mapping_hash, version_of(declared.mapping_hash, using=using))
    wanted = list(dict.fromkeys(subjects))
    known = known or {}
    marked = any(s not in known or known[s].marked for s in wanted)
    with transaction.atomic(using, durable=True):
        held = claim(
            wanted, using=using, version=mapping.version, wait=wait, budget=budget, marked=marked
        )
        run = _Run(mapping, using, Authorship(MIGRATOR, reason), known, bulk)
        done = run.write(wanted, held)
    for subject, outcome in done.outcomes.items():
        if subject in done.loaded:
            pins.drop(subject)
        if outcome is Outcome.CHANGED:
            units.forget(subject)
            _tell(done.loaded[subject])
    return done


def _tell(loaded: Loaded) -> None:
    if loaded.state is not None:
        generation = loaded.state.generation
        facts_changed.send_robust(None, subject=loaded.subject, generation=generation)


@dataclass(frozen=True, slots=True)
class _Run:
    """What is the same for all subjects of one synchronisation."""

    mapping: Mapping
    using: str
    author: Authorship
    known: dict[str, Loaded]
    bulk: bool

    def write(self, wanted: list[str], held: Claim) -> Synchronised:
        done = Synchronised({s: _untouched(s, held, self.mapping) for s in wanted})
        mine = [s for s in wanted if done.outcomes[s] is Outcome.MIGRATED]
        if not mine:
            return done
        batch = Batch(held.now)
        for sight in sights(mine, held, self.using, self.known):
            outcome, loaded = plan(
                batch, sight, self.mapping, held.epoch, self.author, bulk=self.bulk
            )
            done.outcomes[sight.subject] = outcome
            done.loaded[sight.subject] = loaded
        if self.bulk:
            _tell_of_all(batch, done, self.author)
        store(batch, using=self.using)
        return done


def _untouched(subject: str, held: Claim, mapping: Mapping) -> Outcome:
    if subject not in held.states:
        return Outcome.BUSY
    state = held.states[subject]
    if state is not None and state.retired:
        return Outcome.RETIRED
    if state is not None and state.mapping_version > mapping.version:
        return Outcome.NEWER_MAPPING
    return Outcome.MIGRATED


def sights(
    subjects: list[str], held: Claim, using: str, known: dict[str, Loaded] | None = None
) -> Iterable[Sight]:
    """Read what is stored and what the sources yield, for subjects that are held."""
    declared = registry.get()
    yielded = gather(declared, subjects, using=using)
    stored = _stored(subjects, held, using, known or {})
    for subject in subjects:
        found = yielded[subject]
        yield Sight(
            subject,
            held.states[subject],
            stored[subject].facts if subject in stored else (),
            frozenset(found.facts),
            found.failure,
        )


def _stored(
    subjects: list[str], held: Claim, using: str, known: dict[str, Loaded]
) -> dict[str, Loaded]:
    # A subject without a state under the claim has only what was assigned to it natively, and
    # assigning takes the same claim and leaves a state behind.
    first = [s for s in subjects if held.states[s] is None and s in known]
    others = [s for s in subjects if s not in first]
    found = {s: known[s] for s in first}
    if others:
        found |= load(others, using=using)
    return found


def _tell_of_all(batch: Batch, done: Synchronised, author: Authorship) -> None:
    first = [s for s, outcome in done.outcomes.items() if outcome is Outcome.MIGRATED]
    if not first:
        return
    batch.events.append(
        {
            "actor": author.actor,
            "action": "migrate_many",
            "subject": "",
            "role": "",
            "context": "",
            "reason": author.reason,
            "generation": 0,
            "detail": {"subjects": len(first), "first": first[0], "last": first[-1]},
        }
    )
