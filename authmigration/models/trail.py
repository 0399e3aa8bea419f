"""The audit trail: who changed which access, when and why."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class AuditEvent(models.Model):
    """One change of access. Without foreign keys, so that it outlives what it speaks of."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.CharField(max_length=100)
    action = models.CharField(max_length=32)
    subject = models.CharField(max_length=64, blank=True, default="", db_index=True)
    role = models.CharField(max_length=64, blank=True, default="")
    context = models.CharField(max_length=161, blank=True, default="")
    reason = models.TextField()
    generation = models.PositiveIntegerField(default=0)
    detail = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.actor}: {self.action} {self.subject} {self.role} {self.context}".strip()


class CounterDelta(models.Model):
    """A step of a counter. Appended only: one row for each counter would serialise migrations."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=40)
    label = models.CharField(max_length=120, blank=True, default="")
    delta = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.name}/{self.label}: {self.delta:+d}"


class Counter(models.Model):
    """A counter, as of the last roll-up; its value now is this plus the deltas not rolled up."""

    name = models.CharField(max_length=40)
    label = models.CharField(max_length=120, blank=True, default="")
    value = models.BigIntegerField(default=0)

    class Meta:
        """One row for each counter."""

        constraints = [models.UniqueConstraint(fields=["name", "label"], name="authz_counter_key")]

    def __str__(self) -> str:
        return f"{self.name}/{self.label}: {self.value}"
