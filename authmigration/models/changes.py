"""What the capture triggers write: who may have changed."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class ChangeMark(models.Model):
    """One committed change of a legacy table that may alter one subject's facts.

    A mark without a subject stands for a change that no single subject can be named for; such
    marks raise the epoch. Rows are appended by triggers and deleted by whoever synchronises.
    """

    id = models.BigAutoField(primary_key=True)
    subject = models.CharField(max_length=64, blank=True, default="")
    source = models.CharField(max_length=100, default="")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Asked for by subject on every request."""

        indexes = [models.Index(fields=["subject"], name="authz_mark_subject")]

    def __str__(self) -> str:
        return f"{self.subject or 'everybody'}: {self.source}"


class Epoch(models.Model):
    """The base of the epoch; the epoch is this plus the number of marks without a subject.

    Compaction deletes such marks and adds their number here in one transaction, which leaves the
    sum as it was. A count, not a highest id: ids are not given in the order of commits.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    value = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.value)
