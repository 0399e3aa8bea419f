"""The facts: who holds which role in which context."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from auth_lib import Effect

NATIVE = "native"
"""The source of a fact that has no counterpart in the legacy tables."""


class Assignment(models.Model):
    """A subject holds a role in a context: NIST's user assignment.

    The natural key has no NULL in it, since NULLs defeat a unique constraint; a beginning that
    was never set is therefore the epoch of Unix time.
    """

    subject = models.CharField(max_length=64)
    context_type = models.CharField(max_length=32)
    context_id = models.CharField(max_length=128)
    role = models.CharField(max_length=64)
    effect = models.CharField(
        max_length=8, choices=[(e.value, e.value) for e in Effect], default=Effect.GRANT.value
    )
    source = models.CharField(max_length=100, default=NATIVE)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """One row for each fact of each source; found by subject, and by context."""

        constraints = [
            models.UniqueConstraint(
                fields=[
                    "subject",
                    "context_type",
                    "context_id",
                    "role",
                    "effect",
                    "source",
                    "valid_from",
                ],
                name="authz_assignment_key",
            )
        ]
        indexes = [
            models.Index(
                fields=["context_type", "context_id", "role"], name="authz_assignment_context"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.role} in {self.context_type}:{self.context_id}"
