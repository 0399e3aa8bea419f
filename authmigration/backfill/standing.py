"""Where users stand before a backfill touches them, in one statement for many."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connections

from .. import dialects
from ..assignments import Outcome
from ..assignments.planning import Mapping
from ..selectors import EPOCH_SQL, MARKED_SQL

_SETTLED = """
    SELECT s.subject, s.status = 'quarantined' AND s.retired_at IS NULL
    FROM authmigration_subjectstate s
    WHERE {among} AND (
        s.retired_at IS NOT NULL OR s.mapping_version > %s
        OR (
            s.mapping_hash = %s AND NOT {marked}
            AND (s.status = 'quarantined' OR (s.status = 'migrated' AND s.epoch = {epoch}))
        )
    )
"""


def settled(subjects: Iterable[str], mapping: Mapping, *, using: str) -> dict[str, Outcome]:
    """Return those of the subjects with whom nothing is to be done, and how they are counted."""
    dialect = dialects.of(connections[using])
    sql = _SETTLED.format(
        among=dialect.among.format(column="s.subject"),
        marked=MARKED_SQL.format(subject="s.subject"),
        epoch=EPOCH_SQL,
    )
    with connections[using].cursor() as cursor:
        cursor.execute(sql, [dialect.array(subjects), mapping.version, mapping.hash])
        return {s: Outcome.QUARANTINED if q else Outcome.UNCHANGED for s, q in cursor.fetchall()}
