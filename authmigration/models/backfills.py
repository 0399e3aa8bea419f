"""The backfill as the database keeps it: a run, and the chunks that it leases out."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class BackfillRun(models.Model):
    """One pass over all users; its cursor is where the next chunk begins.

    ``wave`` is to messages what ``fence`` is to leases: whoever sends the run's messages anew
    raises it, and a message of an earlier wave does nothing.
    """

    id = models.BigAutoField(primary_key=True)
    mapping_hash = models.CharField(max_length=16)
    cursor = models.CharField(max_length=64, blank=True, default="")
    cut_all = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    workers = models.PositiveSmallIntegerField(default=0)
    wave = models.PositiveIntegerField(default=0)
    woken_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One open run for each mapping: whoever comes second joins it."""

        constraints = [
            models.UniqueConstraint(
                fields=["mapping_hash"],
                condition=models.Q(finished_at__isnull=True),
                name="authz_run_open",
            )
        ]

    def __str__(self) -> str:
        return f"run {self.id}"


class BackfillChunk(models.Model):
    """A range of users leased to one worker; ``fence`` rises with each lease.

    A worker writes under its fence only: one that was thought dead and comes back finds another
    fence and stops. ``reached`` is the last user of the range that is accounted for, so that the
    next worker goes on there and counts nobody twice; ``attempts`` is the number of leases since
    it last moved.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(BackfillRun, on_delete=models.CASCADE, related_name="chunks")
    first = models.CharField(max_length=64)
    last = models.CharField(max_length=64)
    reached = models.CharField(max_length=64, blank=True, default="")
    size = models.PositiveIntegerField()
    owner = models.CharField(max_length=100, blank=True, default="")
    fence = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    migrated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    quarantined = models.PositiveIntegerField(default=0)
    busy = models.PositiveIntegerField(default=0)

    class Meta:
        """Workers look for what is open and not leased."""

        indexes = [models.Index(fields=["run", "done_at", "lease_until"], name="authz_chunk_open")]

    def __str__(self) -> str:
        return f"run {self.run_id}: {self.first} to {self.last}"
