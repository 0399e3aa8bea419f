"""What a change of access must not do: change more than was asked, or make a subject too large."""

from __future__ import annotations

from datetime import datetime

from auth_lib import Fact

from .. import conf
from ..errors import LegacyWouldLoseMore, NotRepresentable, TooManyContexts
from .gathering import Facts
from .planning import Sight


def alike(fact: Fact, other: Fact) -> bool:
    """Whether two facts say the same of the same context, whenever they hold."""
    return (fact.role, fact.context, fact.effect) == (other.role, other.context, other.effect)


def covers(fact: Fact, asked: Fact, now: datetime) -> bool:
    """Whether a fact is what is asked for: as long, and begun when that is to begin."""
    begun = fact.valid_from is None or fact.valid_from <= (asked.valid_from or now)
    return alike(fact, asked) and fact.valid_until == asked.valid_until and begun


def require_only(before: Facts, after: Facts, fact: Fact, now: datetime, *, gained: bool) -> None:
    """Insist that a write into legacy changed one fact there, and nothing else.

    Args:
        before: what the sources yielded before the write.
        after: what they yield now.
        fact: what was to come or to go.
        now: the moment of the change.
        gained: whether it was to come.

    Raises:
        NotRepresentable: it did not come, or did not go.
        LegacyWouldLoseMore: something else came or went as well.

    """
    here = any(covers(f, fact, now) if gained else alike(f, fact) for _, f in after)
    if here is not gained:
        raise NotRepresentable(
            f"Writing {fact.role} in {fact.context} into the legacy tables had no effect there; "
            "check write= of its sources."
        )
    others = {f for _, f in before ^ after if not alike(f, fact)}
    if others:
        texts = sorted(f"{other.role} in {other.context}" for other in others)
        raise LegacyWouldLoseMore(
            f"The legacy tables cannot change {fact.role} in {fact.context} alone: "
            f"{', '.join(texts)} would change as well.",
            texts,
        )


def require_room(sight: Sight, wanted: Facts, fact: Fact) -> None:
    """Insist that a subject does not come to hold roles in too many contexts.

    Raises:
        TooManyContexts: it would, and the fact adds to them.

    """
    limit = conf.get().max_contexts
    contexts = {f.context for _, f in wanted}
    contexts |= {s.fact.context for s in sight.stored if s.is_native}
    if len(contexts) > limit and fact.context not in {s.fact.context for s in sight.stored}:
        raise TooManyContexts(
            f"Subject {sight.subject} would hold roles in {len(contexts)} contexts; the limit is "
            f"{limit} (AUTHMIGRATION['MAX_CONTEXTS'])."
        )
