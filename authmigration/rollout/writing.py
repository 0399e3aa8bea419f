"""Writing the rules of the three flags, so that their stages stay nested."""

from __future__ import annotations

from feature_flags import (
    admit,
    callers_snapshot,
    deny,
    release,
    remove,
    set_everyone,
    set_percentage,
)
from feature_flags.content import RuleValue

from ..trail import Authorship
from .flags import FLAGS
from .stage import Stage

_ADMIT = "admit"
_WAFFLE = "waffle "
_UPWARDS = (Stage.SHADOW, Stage.ENFORCE, Stage.RETIRED)


def stage_of_cohort(spec: str) -> Stage:
    """Return the highest stage at which a cohort has a rule of its own."""
    for stage in reversed(_UPWARDS):
        if _has(stage, spec):
            return stage
    return Stage.OFF


def write_stage(spec: str, stage: Stage, author: Authorship) -> None:
    """Give a cohort its rules up to a stage, and take those above it away."""
    for flag_stage in _UPWARDS:
        if flag_stage.rank <= stage.rank:
            _add(flag_stage, spec, author, exactly=flag_stage is stage)
        else:
            _take(flag_stage, spec, author)
    if stage is Stage.RETIRED:
        # A row that outlives every rule, so that states are looked at for ever: see
        # may_be_retired().
        set_everyone(FLAGS[stage], None, actor=author.actor, reason=author.reason)


def lower(spec: str, stage: Stage, author: Authorship) -> bool:
    """Take from a cohort its rules above a stage; return whether there were any."""
    take = _take_from_waffle if spec.startswith(_WAFFLE) else _take
    taken = False
    for flag_stage in (Stage.SHADOW, Stage.ENFORCE):
        if flag_stage.rank > stage.rank:
            taken = take(flag_stage, spec, author) or taken
    return taken


def _take_from_waffle(stage: Stage, spec: str, author: Authorship) -> bool:
    """Take back what somebody set in waffle's own row, by whatever column that admits."""
    flag, by, why = FLAGS[stage], author.actor, author.reason
    if _is_percentage(spec):
        set_percentage(flag, 0, actor=by, reason=why)
    elif spec == f"{_WAFFLE}everyone=Yes":
        set_everyone(flag, None, actor=by, reason=why)
    else:
        # Testers, groups, staff: the column is not ours to edit, and a denial comes before it.
        deny(flag, "everyone", actor=by, reason=why)
    return True


def cap(spec: str, stage: Stage, author: Authorship) -> None:
    """Let a cohort rise no further than a stage, whatever other rules admit it."""
    above = _UPWARDS[stage.rank]
    deny(FLAGS[above], spec, actor=author.actor, reason=author.reason)


def uncap(spec: str, author: Authorship) -> bool:
    """Take the caps of a cohort away; return whether there were any."""
    found = False
    for stage in _UPWARDS:
        if any(r.cohort.name == spec and r.effect != _ADMIT for r in _rules(stage)):
            release(FLAGS[stage], spec, actor=author.actor, reason=author.reason)
            found = True
    return found


def _rules(stage: Stage) -> tuple[RuleValue, ...]:
    return callers_snapshot().rules(FLAGS[stage])


def _has(stage: Stage, spec: str) -> bool:
    wanted = callers_snapshot().cohort(spec).name
    return any(r.effect == _ADMIT and r.cohort.name == wanted for r in _rules(stage))


def _percentage(stage: Stage) -> int:
    rules = [r.cohort for r in _rules(stage) if r.effect == _ADMIT]
    return max((cohort.basis_points or 0 for cohort in rules), default=0)


def _add(stage: Stage, spec: str, author: Authorship, *, exactly: bool) -> None:
    by, why = author.actor, author.reason
    if _is_percentage(spec):
        wanted = callers_snapshot().cohort(spec).basis_points or 0
        if exactly or wanted > _percentage(stage):
            set_percentage(FLAGS[stage], wanted, actor=by, reason=why)
    elif not _has(stage, spec):
        admit(FLAGS[stage], spec, actor=by, reason=why)


def _take(stage: Stage, spec: str, author: Authorship) -> bool:
    by, why = author.actor, author.reason
    if _is_percentage(spec):
        had = _percentage(stage) > 0
        if had:
            set_percentage(FLAGS[stage], 0, actor=by, reason=why)
        return had
    if not _has(stage, spec):
        return False
    remove(FLAGS[stage], spec, actor=by, reason=why)
    return True


def _is_percentage(spec: str) -> bool:
    return spec.endswith("%")
