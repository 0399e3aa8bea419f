"""What students hand in."""

from django.db import models
from django.utils import timezone


class Exercise(models.Model):
    """One exercise of a course, open until `due_at` or for good.

    `average_points` and `grades_count` are kept by a signal, and made anew every night for the
    writes that call none.
    """

    course = models.ForeignKey("courses.Course", models.CASCADE, related_name="exercises")
    title = models.CharField(max_length=200)
    due_at = models.DateTimeField("due", null=True, blank=True)
    average_points = models.FloatField(null=True, blank=True, editable=False)
    grades_count = models.PositiveIntegerField(default=0, editable=False)

    def __str__(self) -> str:
        """Return the course's code and the title."""
        return f"{self.course.code}: {self.title}"

    @property
    def is_closed(self) -> bool:
        """Whether nothing can be handed in any more."""
        return self.course.archived or (self.due_at is not None and self.due_at <= timezone.now())
