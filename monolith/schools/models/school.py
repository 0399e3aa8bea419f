"""A school."""

from django.db import models


class School(models.Model):
    """One school; courses and staff belong to it."""

    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        """Return the name."""
        return self.name
