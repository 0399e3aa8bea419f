"""The last step: legacy is no longer read for a cohort, and there is no way back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from django.contrib.auth import get_user_model
from django.db import connections

from .. import conf, dialects, registry, trail
from ..errors import StageRefused
from ..rollout import Stage, subjects_at
from ..selectors import EPOCH_SQL, MARKED_SQL, load
from ..subjects import Subject

BATCH = 500

# With the revision, so that a synchronisation under way finds another one and writes nothing.
_RETIRE = """
    UPDATE authmigration_subjectstate SET retired_at = {now}, revision = revision + 1
    WHERE {among} AND retired_at IS NULL AND status = 'migrated' AND mapping_hash = %s
        AND epoch = {epoch} AND NOT {marked}
"""


class Unretirable(StageRefused):
    """Somebody of the cohort is unmigrated, quarantined or stale.

    Attributes:
        subjects: some of them, as text ids.

    """

    code = "unretirable"

    def __init__(self, spec: str, subjects: Iterable[str]) -> None:
        self.subjects = tuple(subjects)
        shown = ", ".join(self.subjects[:5])
        super().__init__(
            f"{spec} cannot be retired: {len(self.subjects)} of its subjects are unmigrated, "
            f"quarantined or stale ({shown}). Run `manage.py authz_backfill`, look at "
            "`manage.py authz_status`, and try again. After retiring there is no way back."
        )


def require_retirable(spec: str) -> list[str]:
    """Return the subjects of a cohort once every one of them may be retired.

    Raises:
        Unretirable: one may not.

    """
    using = conf.get().database
    mapping_hash = registry.get().mapping_hash
    members = list(subjects_at(spec, Stage.RETIRED, _everybody(using)))
    hindered: list[str] = []
    for batch in _batches(members):
        loaded = load(batch, using=using)
        hindered += [
            s
            for s in batch
            if not loaded[s].is_fresh(mapping_hash)
            and not ((state := loaded[s].state) and state.retired)
        ]
    if hindered:
        raise Unretirable(spec, hindered)
    return members


def retire(members: Iterable[str], author: trail.Authorship) -> int:
    """Mark subjects as retired, in the transaction of the caller; return how many.

    Raises:
        Unretirable: one became stale meanwhile.

    """
    using = conf.get().database
    connection = connections[using]
    dialect = dialects.of(connection)
    sql = _RETIRE.format(
        now=dialect.now,
        among=dialect.among.format(column="subject"),
        epoch=EPOCH_SQL,
        marked=MARKED_SQL.format(subject="authmigration_subjectstate.subject"),
    )
    total = 0
    for batch in _batches(members):
        loaded = load(batch, using=using)
        waiting = [s for s in batch if not ((state := loaded[s].state) and state.retired)]
        with connection.cursor() as cursor:
            cursor.execute(sql, [dialect.array(waiting), registry.get().mapping_hash])
            if cursor.rowcount != len(waiting):
                raise Unretirable("The cohort", waiting)
        trail.record("retire", author, using=using, detail={"subjects": waiting})
        total += len(waiting)
    return total


def _everybody(using: str) -> Iterator[Subject]:
    for user in get_user_model()._base_manager.using(using).iterator(chunk_size=BATCH):
        yield Subject(str(user.pk), user)


def _batches(subjects: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(subjects)
    while batch := list(islice(rest, BATCH)):
        yield batch
