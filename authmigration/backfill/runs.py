"""Runs: opened once for each mapping, joined by whoever comes second, cut into chunks, finished."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now

from .. import registry
from ..assignments import version_of
from ..errors import AuthMigrationError
from ..models import BackfillChunk, BackfillRun, MappingVersion
from . import keys, leases
from .leases import Lease

Run = BackfillRun
"""The row of a run, for those who may not know the tables."""


class OlderMapping(AuthMigrationError):
    """The sources of this process are those of an older release, which must not overwrite."""

    code = "older_mapping"


def open_run(*, using: str) -> Run:
    """Return the open run of this process's mapping; begin one where there is none.

    Runs of older mappings end here, where they stand: their users are stale by now.

    Raises:
        OlderMapping: a newer release has begun to migrate users.

    """
    mapping_hash = registry.get().mapping_hash
    _require_newest(mapping_hash, using)
    runs = Run.objects.using(using).filter(finished_at=None)
    # Looked for before anything is written: whoever has to wait for a turn to write, as on SQLite,
    # would find the run that was open finished by then, and begin another.
    found = {run.mapping_hash: run for run in runs}
    if found.keys() - {mapping_hash}:
        runs.exclude(mapping_hash=mapping_hash).update(finished_at=Now())
    return found.get(mapping_hash) or _begun(mapping_hash, using)


def _require_newest(mapping_hash: str, using: str) -> None:
    version = version_of(mapping_hash, using=using)
    newest = MappingVersion.objects.using(using).order_by("-version").first()
    if newest is not None and newest.version > version:
        raise OlderMapping(
            f"The sources of this process have mapping {mapping_hash} (version {version}), but "
            f"users are being migrated under {newest.mapping_hash} (version {newest.version}). "
            "Run the backfill from the newer release; or, if that release was taken back for "
            "good, run `manage.py authz_backfill --adopt-mapping`."
        )


def _begun(mapping_hash: str, using: str) -> Run:
    runs = Run.objects.using(using)
    try:
        with transaction.atomic(using):
            return runs.create(mapping_hash=mapping_hash, total=keys.count(using=using))
    except IntegrityError:  # somebody began one at the same moment
        return runs.get(mapping_hash=mapping_hash, finished_at=None)


def lease(run: Run, *, using: str, size: int) -> Lease | None:
    """Lease the next chunk of a run: one that lies open, else a new one; None if none is left."""
    while (found := leases.claim(run.pk, using=using)) is None:
        if not _cut(run, size, using):
            return None
    return found


def _cut(run: Run, size: int, using: str) -> bool:
    """Cut the next chunk; return whether there may be one to lease now, of whomever."""
    run.refresh_from_db(using=using, fields=["cursor", "cut_all", "finished_at"])
    if run.cut_all or run.finished_at is not None:
        return False
    found = keys.after(run.cursor, using=using, most=size)
    with transaction.atomic(using):
        if not _moved(run, found, size, using):
            return True
        if found:
            bounds = {"first": found[0], "last": found[-1], "size": len(found)}
            BackfillChunk.objects.using(using).create(run=run, **bounds)
    return bool(found)


def _moved(run: Run, found: list[str], size: int, using: str) -> bool:
    # Compared and set: of two planners that saw the same cursor, one finds it moved.
    return bool(
        Run.objects.using(using)
        .filter(pk=run.pk, cursor=run.cursor, cut_all=False, finished_at=None)
        .update(cursor=found[-1] if found else run.cursor, cut_all=len(found) < size)
    )


def finish(run: Run, *, using: str) -> bool:
    """Finish a run whose chunks are all done; return whether it was this call that did."""
    runs = Run.objects.using(using)
    done = runs.filter(~Exists(_waiting(using)), pk=run.pk, cut_all=True, finished_at=None)
    return bool(done.update(finished_at=Now()))


def is_finished(run: Run, *, using: str) -> bool:
    """Return whether a run has ended, by whomever."""
    return not Run.objects.using(using).filter(pk=run.pk, finished_at=None).exists()


def require_whole(run: Run, *, using: str) -> None:
    """Make sure that a finished run went through all users.

    Raises:
        OlderMapping: a newer release ended it before.

    """
    runs = Run.objects.using(using)
    if not runs.filter(~Exists(_waiting(using)), pk=run.pk, cut_all=True).exists():
        raise OlderMapping(
            f"Run {run.pk} was ended before all users were through: another release, with other "
            "sources, has begun a run of its own. Run the backfill from that release."
        )


def _waiting(using: str) -> QuerySet[BackfillChunk]:
    return BackfillChunk.objects.using(using).filter(run=OuterRef("pk"), done_at=None)
