"""A course."""

from django.conf import settings
from django.db import models


class Course(models.Model):
    """One run of a course at a school.

    Roles kept here: `owner` (teaches the course, if flagged `is_teacher`) and `assistants`
    (lectures only).
    """

    title = models.CharField(max_length=200)
    code = models.CharField(max_length=40)
    school = models.ForeignKey("schools.School", models.CASCADE, related_name="courses")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_courses",
    )
    assistants = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="assisted_courses"
    )
    is_public = models.BooleanField("listed in the public catalogue", default=False)
    archived = models.BooleanField(default=False)

    def __str__(self) -> str:
        """Return the code and the title."""
        return f"{self.code} {self.title}"
