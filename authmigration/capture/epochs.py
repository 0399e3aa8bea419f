"""The epoch: how often something changed that no single user can be named for.

It is the base in ``Epoch`` plus the number of marks without a subject. Triggers only append such
marks, and compaction moves their number into the base in one statement or transaction, so that
every snapshot of the database sees the same sum.
"""

from __future__ import annotations

from django.db import connections, transaction
from django.db.models import F

from ..models import ChangeMark, Epoch
from ..selectors.epochs import EPOCH_SQL, MARKED_SQL
from .engines import alias_of

COMPACT_SQL = """
WITH gone AS (
    DELETE FROM authmigration_changemark WHERE id = ANY(ARRAY(
        SELECT id FROM authmigration_changemark WHERE subject = ''
        ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED))
    RETURNING id
), moved AS (
    INSERT INTO authmigration_epoch AS base (id, value)
    SELECT 1, COUNT(*) FROM gone HAVING COUNT(*) > 0
    ON CONFLICT (id) DO UPDATE SET value = base.value + EXCLUDED.value
)
SELECT COUNT(*) FROM gone
"""

# The mark that is kept is locked: were somebody consuming it now, who has read the facts already,
# a change committed since would go with the marks that are not kept.
THIN_SQL = """
WITH many AS MATERIALIZED (
    SELECT max(id) AS id FROM authmigration_changemark WHERE subject <> ''
    GROUP BY subject HAVING COUNT(*) > 1 LIMIT %s
), kept AS MATERIALIZED (
    SELECT m.id, m.subject FROM authmigration_changemark m JOIN many ON many.id = m.id
    FOR UPDATE OF m SKIP LOCKED
), gone AS (
    DELETE FROM authmigration_changemark m USING kept
    WHERE m.subject = kept.subject AND m.id < kept.id RETURNING m.id
)
SELECT COUNT(*) FROM gone
"""

THIN_ONE_WRITER_SQL = """
DELETE FROM authmigration_changemark WHERE subject <> '' AND id < (
    SELECT max(m.id) FROM authmigration_changemark m
    WHERE m.subject = authmigration_changemark.subject)
"""

COMPACT_AT_ONCE = 10_000
"""The most marks that one compaction moves, to keep its transaction short."""


def is_marked(subject: str, using: str | None = None) -> bool:
    """Whether facts of a subject may have changed since somebody consumed its marks."""
    with connections[alias_of(using)].cursor() as cursor:
        cursor.execute(f"SELECT {MARKED_SQL.format(subject='%s')}", [subject])
        return bool(cursor.fetchone()[0])


def current_epoch(using: str | None = None) -> int:
    """Return the epoch as of now."""
    with connections[alias_of(using)].cursor() as cursor:
        cursor.execute(f"SELECT {EPOCH_SQL}")
        return int(cursor.fetchone()[0])


def raise_epoch(using: str | None, source: str) -> None:
    """Raise the epoch by one: everybody's facts may have changed.

    Args:
        using: the alias of the database; that of the users by default.
        source: what changed.

    """
    ChangeMark.objects.using(alias_of(using)).create(subject="", source=source)


def compact(using: str | None = None) -> int:
    """Move marks without a subject into the base of the epoch; return how many.

    The epoch stays what it was for every reader at every moment. Any number of processes may do
    this at once.
    """
    alias = alias_of(using)
    if connections[alias].vendor == "postgresql":
        with connections[alias].cursor() as cursor:
            cursor.execute(COMPACT_SQL, [COMPACT_AT_ONCE])
            return int(cursor.fetchone()[0])
    return _compact_one_at_a_time(alias)


def _compact_one_at_a_time(alias: str) -> int:
    base = Epoch.objects.using(alias)
    marks = ChangeMark.objects.using(alias).filter(subject="")
    with transaction.atomic(using=alias):
        # A write comes first, so that what is read afterwards cannot change before the commit.
        base.bulk_create([Epoch(id=1)], ignore_conflicts=True)
        base.filter(id=1).update(value=F("value"))
        found = list(marks.order_by("id").values_list("id", flat=True)[:COMPACT_AT_ONCE])
        marks.filter(id__lte=found[-1] if found else 0).delete()
        base.filter(id=1).update(value=F("value") + len(found))
    return len(found)


def thin(using: str | None = None) -> int:
    """Delete all but the last mark of each subject; return how many.

    Whoever was marked stays marked. Without it the marks of those who have never been seen would
    pile up with every change of theirs. Any number of processes may do this at once.
    """
    alias = alias_of(using)
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        if connections[alias].vendor == "postgresql":
            cursor.execute(THIN_SQL, [COMPACT_AT_ONCE])
            return int(cursor.fetchone()[0])
        cursor.execute(THIN_ONE_WRITER_SQL)
        return int(cursor.rowcount)
