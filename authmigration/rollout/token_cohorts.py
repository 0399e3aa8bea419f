"""For whom tokens are issued: the cohorts of ``authz_tokens``."""

from __future__ import annotations

from feature_flags import admit, callers_snapshot, remove, set_percentage
from feature_flags.content import Effect

from ..trail import Authorship
from . import cohorts
from .flags import TOKENS


def turn_tokens(text: str, *, on: bool, author: Authorship) -> bool:
    """Turn tokens on or off for a rollout cohort; return whether that changed anything.

    Off, a refresh is answered with ``tokens_disabled`` and no family ends: turned on again, the
    same devices go on.

    Raises:
        UnknownCohort, InvalidCohort: there is no such cohort.

    """
    spec = cohorts.parsed(text)
    if spec.endswith("%"):
        wanted = callers_snapshot().cohort(spec).basis_points or 0
        percentage = wanted if on else 0
        set_percentage(TOKENS, percentage, actor=author.actor, reason=author.reason)
        return True
    if on is _admitted(spec):
        return False
    turn = admit if on else remove
    turn(TOKENS, spec, actor=author.actor, reason=author.reason)
    return True


def _admitted(spec: str) -> bool:
    snapshot = callers_snapshot()
    name = snapshot.cohort(spec).name
    rules = snapshot.rules(TOKENS)
    return any(rule.effect == Effect.ADMIT and rule.cohort.name == name for rule in rules)
