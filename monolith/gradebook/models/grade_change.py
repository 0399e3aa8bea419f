"""Who changed a grade."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class GradeChange(models.Model):
    """One change of a grade; `points_before` is empty where the grade was new."""

    grade = models.ForeignKey("gradebook.Grade", models.CASCADE, related_name="changes")
    points_before = models.PositiveSmallIntegerField(null=True, blank=True)
    points_after = models.PositiveSmallIntegerField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="grade_changes"
    )
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        """Return the points before and after."""
        return f"{self.points_before} to {self.points_after}"
