"""Who takes part in a course, and as what."""

from django.conf import settings
from django.db import models


class Enrolment(models.Model):
    """A student on a course. Role kept here: `kind`, whose numbers have no order.

    The same student may stand here twice for one course; nothing in the table forbids it.
    """

    MENTOR = 5
    LEARNER = 10
    AUDITOR = 20
    KINDS = ((MENTOR, "mentor"), (LEARNER, "learner"), (AUDITOR, "guest auditor"))
    STATUSES = (
        ("active", "active"),
        ("withdrawn", "withdrawn"),
        ("pending", "pending"),
        ("completed", "completed"),
    )

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrolments")
    course = models.ForeignKey("courses.Course", models.CASCADE, related_name="enrolments")
    kind = models.SmallIntegerField(choices=KINDS, default=LEARNER)
    status = models.CharField(max_length=10, choices=STATUSES, default="active")
    registered_on = models.DateField(null=True, blank=True)
    ends_at = models.DateTimeField("access ends", null=True, blank=True)

    def __str__(self) -> str:
        """Return who takes part in what."""
        return f"{self.student} on {self.course}: {self.get_kind_display()}, {self.status}"
