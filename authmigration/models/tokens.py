"""Refresh tokens: families, one for each device that signed in, and what was issued in each."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone


class RefreshFamily(models.Model):
    """All refresh tokens that go back to one sign-in on one device.

    Reuse of an old one ends the family: whoever holds the others may be a thief (RFC 9700 §4.14).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.CharField(max_length=64)
    client = models.CharField(max_length=100, blank=True, default="")
    device = models.CharField(max_length=200, blank=True, default="")
    credentials = models.CharField(max_length=64, blank=True, default="")
    newest = models.PositiveIntegerField(default=0)
    refreshes = models.PositiveIntegerField(default=0)
    counted_since = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=24, blank=True, default="")

    class Meta:
        """Listed by subject, and cleared by age."""

        verbose_name_plural = "refresh families"

        indexes = [
            models.Index(fields=["subject", "ended_at"], name="authz_family_subject"),
            models.Index(fields=["expires_at"], name="authz_family_expires"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} on {self.device or 'a device'}"


class RefreshToken(models.Model):
    """One refresh token, as the SHA-256 of what the client holds: the table opens no door.

    The highest number of a family is good, and the one below for whom its successor got lost.
    """

    family = models.ForeignKey(RefreshFamily, models.CASCADE, related_name="tokens")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Numbered within its family, so that two requests cannot both issue the next."""

        constraints = [
            models.UniqueConstraint(fields=["family", "number"], name="authz_refresh_number")
        ]

    def __str__(self) -> str:
        return f"{self.family_id}: {self.number}"


class ContextAccess(models.Model):
    """When a subject last asked for a token with a context; written by such requests alone."""

    subject = models.CharField(max_length=64)
    context_type = models.CharField(max_length=32)
    context_id = models.CharField(max_length=128)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One row for each context of a subject."""

        verbose_name_plural = "context accesses"

        constraints = [
            models.UniqueConstraint(
                fields=["subject", "context_type", "context_id"], name="authz_access_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.context_type}:{self.context_id}"


class ServiceClient(models.Model):
    """A program that gets tokens of its own, for one service; its secret is kept as a hash."""

    name = models.CharField(max_length=56, unique=True)
    digest = models.CharField(max_length=64)
    audience = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=timezone.now)
    disabled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.subject

    @property
    def subject(self) -> str:
        """Return the id under which roles are assigned to it."""
        return f"service:{self.name}"


class TokenKey(models.Model):
    """What became of one key: the steps of its rotation wait for it. Nothing of the key itself."""

    algorithm = models.CharField(max_length=16)
    key_id = models.CharField(max_length=120, blank=True, default="")
    first_published_at = models.DateTimeField(null=True, blank=True)
    withheld_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """One row for each key."""

        constraints = [
            models.UniqueConstraint(fields=["algorithm", "key_id"], name="authz_token_key")
        ]

    def __str__(self) -> str:
        return f"{self.algorithm} {self.key_id}".strip()
