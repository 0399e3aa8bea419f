"""What an exercise was worth."""

from django.conf import settings
from django.db import models


class Grade(models.Model):
    """The points (0 to 100) of one student in one exercise."""

    exercise = models.ForeignKey("gradebook.Exercise", models.CASCADE, related_name="grades")
    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="grades")
    points = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True)

    def __str__(self) -> str:
        """Return whose grade it is and the points."""
        return f"{self.student} in {self.exercise}: {self.points}"
