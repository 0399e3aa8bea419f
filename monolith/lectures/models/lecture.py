"""One lecture of a course."""

from django.db import models


class Lecture(models.Model):
    """A text, a draft until it is published, with a discussion that a moderator may close."""

    course = models.ForeignKey("courses.Course", models.CASCADE, related_name="lectures")
    title = models.CharField(max_length=200)
    body = models.TextField()
    published = models.BooleanField(default=False)
    discussion_open = models.BooleanField(default=True)

    def __str__(self) -> str:
        """Return the course's code and the title."""
        return f"{self.course.code}: {self.title}"
