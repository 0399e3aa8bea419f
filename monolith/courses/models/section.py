"""A part of a course that meets by itself."""

from django.db import models


class Section(models.Model):
    """A tutorial group; `notes` are for those who meet there: the door code, the seating."""

    course = models.ForeignKey("courses.Course", models.CASCADE, related_name="sections")
    title = models.CharField(max_length=100)
    room = models.CharField(max_length=100, blank=True)
    notes = models.TextField(blank=True)

    def __str__(self) -> str:
        """Return the course's code and the title."""
        return f"{self.course.code}: {self.title}"
