"""How far each subject has come, and what it was migrated under."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class SubjectState(models.Model):
    """One subject's place in the migration.

    ``generation`` rises only when the facts change; ``revision`` with every synchronisation, and
    is what a writer compares and sets: two synchronisations that both find nothing new must
    still not overwrite each other.
    """

    class Status(models.TextChoices):
        """Whether the facts of the subject may be used."""

        MIGRATED = "migrated"
        QUARANTINED = "quarantined"
        FAILING = "failing"

    subject = models.CharField(max_length=64, primary_key=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.MIGRATED)
    generation = models.PositiveIntegerField(default=1)
    revision = models.PositiveIntegerField(default=1)
    mapping_hash = models.CharField(max_length=16)
    mapping_version = models.PositiveIntegerField()
    epoch = models.BigIntegerField()
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.TextField(blank=True, default="")
    contexts = models.PositiveIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)
    synced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """The few that are not plainly migrated are looked for often."""

        indexes = [models.Index(fields=["status"], name="authz_state_status")]

    def __str__(self) -> str:
        return f"{self.subject}: {self.status}, generation {self.generation}"


class MappingVersion(models.Model):
    """The order in which the hashes of the source declarations were first seen."""

    mapping_hash = models.CharField(max_length=16, unique=True)
    version = models.PositiveIntegerField(unique=True)
    seen_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.version}: {self.mapping_hash}"
