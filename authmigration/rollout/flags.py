"""Which stage holds for a subject: the only place that asks the flags."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from django.core.exceptions import SynchronousOnlyOperation
from django.db import Error, connections

from feature_flags import Flag, FlagSubject, Snapshot, Traits, current_snapshot, evaluate

from .. import conf, counters, pins
from ..errors import UnitsUnknown
from ..subjects import Subject
from . import overrides, units
from .stage import Stage

logger = logging.getLogger("authmigration.rollout")

KILL_SWITCH = "authz"
CEILING = "ceiling"
"""The rule that is named where the setting alone decides, so that nothing is read."""
_SALT = "authz_stage"

# One salt for all three: whoever is at enforce by a percentage is at shadow by the same one.
SHADOW = Flag("authz_shadow", salt=_SALT, kill_switch=KILL_SWITCH)
ENFORCE = Flag("authz_enforce", salt=_SALT, kill_switch=KILL_SWITCH, prerequisite=SHADOW)
# No switch and no prerequisite: behind this stage the legacy tables are no longer true.
RETIRED = Flag("authz_retired", salt=_SALT)
# Of its own: tokens come and go without a change of who decides, and a kill ends none.
TOKENS = Flag("authz_tokens")
FLAGS = {Stage.SHADOW: SHADOW, Stage.ENFORCE: ENFORCE, Stage.RETIRED: RETIRED}


class Staged(NamedTuple):
    """A subject's stage, and the rule of the rollout that gave it."""

    stage: Stage
    rule: str = ""


def stage_of(subject: Subject) -> Staged:
    """Return the stage that holds for a subject now, the ceilings of setting and task applied."""
    forced = overrides.stage_for(subject.id)
    if forced is not None:
        return Staged(*forced)
    ceiling = Stage.named(conf.get().ceiling)
    if ceiling is Stage.OFF:
        return Staged(Stage.OFF, CEILING)
    try:
        found = evaluated(current_snapshot(), flag_subject(subject))
    except UnitsUnknown as error:
        counters.tally("stages", "units unknown")
        logger.warning("Legacy decides for subject %s: %s", subject.id, error, exc_info=error)
        return Staged(Stage.OFF, "units unknown")
    if found.stage is Stage.RETIRED:
        return found
    return Staged(found.stage.at_most(ceiling).at_most(_task_ceiling(subject)), found.rule)


def stages_of(subjects: Iterable[Subject]) -> dict[str, Staged]:
    """Return the stage of each of several subjects; their units are looked up together."""
    known = [s for s in subjects if s.id is not None]
    with units.together(str(s.id) for s in known):
        return {str(s.id): stage_of(s) for s in known}


def tokens_on(subject: Subject) -> bool:
    """Whether tokens are issued to a subject; not where its units cannot be looked up."""
    try:
        return evaluate(current_snapshot(), TOKENS, flag_subject(subject)).on
    except UnitsUnknown as error:
        logger.warning("Subject %s gets no token: %s", subject.id, error, exc_info=error)
        return False


def evaluated(snapshot: Snapshot, subject: FlagSubject) -> Staged:
    """Return the highest stage whose flag is on for a subject."""
    for stage in (Stage.RETIRED, Stage.ENFORCE, Stage.SHADOW):
        answer = evaluate(snapshot, FLAGS[stage], subject)
        if answer.on:
            return Staged(stage, answer.rule or "")
    return Staged(Stage.OFF)


def _task_ceiling(subject: Subject) -> Stage:
    pin = pins.current()
    name = pin.ceilings.get(subject.id or "") if pin is not None else None
    return Stage.named(name) if name is not None else Stage.RETIRED


def flag_subject(subject: Subject) -> FlagSubject:
    """Return a subject as the flags see it; its units are looked up only if a rule needs them."""
    if subject.id is None:
        return FlagSubject("")  # nobody in particular: no percentage and no list reaches it
    units = _units_of(subject.id)
    if subject.user is None:
        return FlagSubject(subject.id, units=units, traits=Traits)
    return FlagSubject.of_user(subject.user, units=units)


def _units_of(subject: str) -> Callable[[], tuple[str, ...]]:
    def asked() -> tuple[str, ...]:
        try:
            return units.of(subject)
        except SynchronousOnlyOperation:
            raise
        except Exception as error:
            if isinstance(error, Error) and connections[conf.get().database].in_atomic_block:
                raise  # the caller's transaction is lost anyway; hiding that would only confuse
            raise UnitsUnknown(f"UNIT_OF fails for subject {subject}: {error}") from error

    return asked


def subjects_at(spec: str, stage: Stage, subjects: Iterable[Subject]) -> Iterator[str]:
    """Yield those subjects that would be at a stage if a cohort were; nothing is written."""
    snapshot = current_snapshot().with_rule(FLAGS[stage], spec)
    for subject in subjects:
        if evaluate(snapshot, FLAGS[stage], flag_subject(subject)).on:
            yield str(subject.id)


def may_be_retired() -> bool:
    """Whether any cohort has passed the point of no return, so that states must be looked at."""
    snapshot = current_snapshot()
    if snapshot.content is None:
        return True  # nothing is known yet, and dead legacy tables must not answer meanwhile
    return RETIRED.name in snapshot.content.waffle or bool(snapshot.rules(RETIRED))
