"""What a course tells its people."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Announcement(models.Model):
    """A notice on a course's board, for those who are on the course."""

    course = models.ForeignKey("courses.Course", models.CASCADE, related_name="announcements")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="announcements",
    )
    title = models.CharField(max_length=200)
    body = models.TextField()
    posted_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        """Return the course's code and the title."""
        return f"{self.course.code}: {self.title}"
