"""Users whose facts are behind, found and brought up to date without waiting to be seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connections

from .. import conf, registry
from ..assignments import version_of
from ..selectors import EPOCH_SQL
from .batches import Batches
from .chunks import SUB_BATCH
from .counts import Counts, counted

REASON = "the subject was stale"

_MARKED = """
    SELECT s.subject FROM authmigration_subjectstate s
    WHERE s.subject > %s AND s.retired_at IS NULL AND s.mapping_version <= %s
        AND s.subject IN (SELECT m.subject FROM authmigration_changemark m)
    ORDER BY s.subject LIMIT %s
"""
_OUTDATED = """
    SELECT s.subject FROM authmigration_subjectstate s
    WHERE s.subject > %s AND s.retired_at IS NULL AND s.mapping_version <= %s
        AND (
            s.mapping_hash <> %s OR s.status = 'failing'
            OR (s.status = 'migrated' AND s.epoch <> {epoch})
        )
    ORDER BY s.subject LIMIT %s
"""


def resync_stale(limit: int | None = None) -> Counts:
    """Bring those who were migrated and are behind up to date; return what became of them.

    Behind is who changed since (as captured), who was migrated under another mapping or before
    the last change that nobody could be named for, and whoever failed. Whoever was put into
    quarantine is tried again once something of them changed. Each is tried once.

    Args:
        limit: the most users to try; None for all.

    Raises:
        BackfillStopped: too many failed in a row.

    """
    using = conf.get().database
    batches = Batches(using, REASON)
    done = Counts()
    for subjects in _stale(using, limit):
        done += counted(batches.bring(subjects).values())
    return done


def _stale(using: str, limit: int | None) -> Iterator[list[str]]:
    mapping_hash = registry.get().mapping_hash
    version = version_of(mapping_hash, using=using)
    epoch = _OUTDATED.format(epoch=EPOCH_SQL)
    left = limit
    for sql, params in ((_MARKED, [version]), (epoch, [version, mapping_hash])):
        place = ""
        while left is None or left > 0:
            most = SUB_BATCH if left is None else min(SUB_BATCH, left)
            found = _page(sql, [place, *params, most], using)
            if not found:
                break
            yield found
            place = found[-1]
            left = None if left is None else left - len(found)


def _page(sql: str, params: list[Any], using: str) -> list[str]:
    with connections[using].cursor() as cursor:
        cursor.execute(sql, params)
        return [subject for (subject,) in cursor.fetchall()]
