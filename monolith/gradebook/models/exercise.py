"""What students hand in."""

from django.db import models


class Exercise(models.Model):
    """One exercise of a course."""

    course = models.ForeignKey("courses.Course", models.CASCADE, related_name="exercises")
    title = models.CharField(max_length=200)

    def __str__(self) -> str:
        """Return the course's code and the title."""
        return f"{self.course.code}: {self.title}"
