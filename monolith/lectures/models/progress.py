"""How far somebody has got."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Progress(models.Model):
    """How much of a lecture a student has watched, in per cent."""

    lecture = models.ForeignKey("lectures.Lecture", models.CASCADE, related_name="progress")
    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="progress")
    percent = models.PositiveSmallIntegerField(default=0)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "progress"
        constraints = [
            models.UniqueConstraint(fields=["lecture", "student"], name="one_progress_each")
        ]

    def __str__(self) -> str:
        """Return who has watched how much."""
        return f"{self.student}: {self.percent} %"
