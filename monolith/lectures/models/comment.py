"""What is said about a lecture."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Comment(models.Model):
    """A comment in the discussion of a lecture."""

    lecture = models.ForeignKey("lectures.Lecture", models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="comments")
    text = models.TextField(max_length=2_000)
    written_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        """Return who said something where."""
        return f"{self.author} on {self.lecture}"
