"""Where old and new answers differ, once for each kind of difference."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Mismatch(models.Model):
    """All confirmed differences of one fingerprint, with one example that can be replayed.

    Holds no personal data: the example is a set of roles and a context type, the subject is an
    id.
    """

    class Kind(models.TextChoices):
        """What the difference would mean at enforce."""

        INTENDED = "intended"
        EXPECTED = "expected"
        LOCKOUT = "lockout"
        ESCALATION = "escalation"

    fingerprint = models.CharField(max_length=16, primary_key=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    permission = models.CharField(max_length=100)
    context_type = models.CharField(max_length=32)
    reason = models.TextField(blank=True, default="")
    origin = models.CharField(max_length=200, blank=True, default="")
    cohort = models.CharField(max_length=100, blank=True, default="")
    count = models.PositiveIntegerField(default=0)
    example = models.JSONField(default=dict)
    first_seen = models.DateTimeField(default=timezone.now)
    last_seen = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_because = models.TextField(blank=True, default="")

    class Meta:
        """Promotion asks for the open ones of a kind."""

        indexes = [models.Index(fields=["kind", "resolved_at"], name="authz_mismatch_open")]
        verbose_name_plural = "mismatches"

    def __str__(self) -> str:
        return f"{self.kind}: {self.permission} on {self.context_type} ({self.count})"
