"""Setting the stage of a rollout cohort: the only writer of the flags of the stages."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from .. import capture, conf, pins, trail
from ..errors import CaptureMissing, StageRefused
from ..models import Mismatch
from ..rollout import Stage, cohorts, writing
from .retiring import require_retirable, retire

logger = logging.getLogger("authmigration.stages")

SET_BACK = "authmigration.shadow"


@dataclass(frozen=True, slots=True)
class StageChange:
    """What a change of stage did.

    Attributes:
        cohort: the cohort as it was understood.
        stage: its stage now.
        retired: how many subjects have passed the point of no return with it.

    """

    cohort: str
    stage: Stage
    retired: int = 0


def set_stage(
    cohort: str, stage: Stage, *, actor: Any = None, reason: str | None = None
) -> StageChange:
    """Set the stage of a rollout cohort, up or down.

    Args:
        cohort: ``everyone``, ``25%``, ``school:7`` (a unit), ``group:registrars``, ``user:123``,
            or the name of a cohort.
        stage: the stage that shall hold.
        actor: who; else that of :func:`acting_as`.
        reason: why; else that of :func:`acting_as`.

    Raises:
        MissingReason: actor or reason is missing.
        UnknownCohort, InvalidCohort: there is no such cohort.
        CaptureMissing: enforcing was asked for while the triggers are not installed.
        StageRefused: an escalation is open, somebody of the cohort cannot be retired, or the
            cohort was retired before.

    """
    author = trail.authorship(actor, reason)
    spec = cohorts.parsed(cohort)
    if stage.rank >= Stage.ENFORCE.rank:
        _require_capture()
        _require_no_escalation(spec)
    members = require_retirable(spec) if stage is Stage.RETIRED else ()
    using = conf.get().database
    with transaction.atomic(using):
        before = writing.stage_of_cohort(spec)
        _require_way_back(spec, before, stage)
        writing.write_stage(spec, stage, author)
        count = retire(members, author) if stage is Stage.RETIRED else 0
        detail = {"cohort": spec, "before": before.value, "after": stage.value, "retired": count}
        trail.record("stage", author, using=using, detail=detail)
    pins.drop()
    return StageChange(spec, stage, count)


def cap_stage(
    cohort: str, stage: Stage, *, actor: Any = None, reason: str | None = None
) -> StageChange:
    """Let a cohort rise no further than a stage, whatever other cohorts it is in.

    Args:
        cohort: see :func:`set_stage`.
        stage: the highest stage; ``retired`` takes an earlier cap away.
        actor: who; else that of :func:`acting_as`.
        reason: why; else that of :func:`acting_as`.

    Raises:
        MissingReason, UnknownCohort, InvalidCohort: see :func:`set_stage`.

    """
    author = trail.authorship(actor, reason)
    spec = cohorts.parsed(cohort)
    using = conf.get().database
    with transaction.atomic(using):
        writing.uncap(spec, author)
        if stage is not Stage.RETIRED:
            writing.cap(spec, stage, author)
        trail.record("cap", author, using=using, detail={"cohort": spec, "at_most": stage.value})
    pins.drop()
    return StageChange(spec, stage)


def set_back(rule: str, why: str) -> bool:
    """Set the cohort that a rule admits back to shadow; return whether it was above it."""
    spec = rule.removeprefix("admit ")
    using = conf.get().database
    author = trail.Authorship(SET_BACK, why)
    with transaction.atomic(using):
        if not writing.lower(spec, Stage.SHADOW, author):
            return False
        detail = {"cohort": spec, "before": "enforce", "after": "shadow"}
        trail.record("set_back", author, using=using, detail=detail)
    pins.drop()
    logger.error("Rollout cohort %s was set back to shadow: %s.", spec, why)
    return True


def _require_way_back(spec: str, before: Stage, after: Stage) -> None:
    if before is Stage.RETIRED and after is not Stage.RETIRED:
        raise StageRefused(
            f"{spec} was retired, after which there is no way back: the legacy tables are true no "
            "more for its subjects. Mend the policy or the facts, and leave it where it is."
        )


def _require_capture() -> None:
    using = conf.get().database
    if capture.is_installed(using):
        return
    missing = ", ".join(table.table for table in capture.missing_tables(using))
    raise CaptureMissing(
        f"Changes of the legacy tables would go unseen ({missing}): run "
        "`manage.py authz_capture install` first."
    )


def _require_no_escalation(spec: str) -> None:
    rows = Mismatch.objects.using(conf.get().database)
    found = rows.filter(kind=Mismatch.Kind.ESCALATION, resolved_at=None).first()
    if found is not None:
        raise StageRefused(
            f"{spec} stays where it is: escalation {found.fingerprint} is open "
            f"({found.permission} on {found.context_type}, from {found.origin}). Correct the "
            f"policy, then `manage.py authz_mismatch resolve {found.fingerprint} --reason ...`."
        )
