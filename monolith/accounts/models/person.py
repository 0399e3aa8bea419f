"""Who works at a school, with or without an account."""

from django.conf import settings
from django.db import models


class Person(models.Model):
    """A member of staff; `user` is empty until they first log in."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="person"
    )
    full_name = models.CharField(max_length=200)
    staff_number = models.CharField(max_length=20, unique=True)

    def __str__(self) -> str:
        """Return the name and the staff number."""
        return f"{self.full_name} ({self.staff_number})"
