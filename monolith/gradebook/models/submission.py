"""What a student handed in."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Submission(models.Model):
    """The text that a student handed in for an exercise; handing in again replaces it."""

    exercise = models.ForeignKey("gradebook.Exercise", models.CASCADE, related_name="submissions")
    student = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="submissions"
    )
    text = models.TextField()
    handed_in_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exercise", "student"], name="one_submission_each")
        ]

    def __str__(self) -> str:
        """Return who handed in what."""
        return f"{self.student} for {self.exercise}"
