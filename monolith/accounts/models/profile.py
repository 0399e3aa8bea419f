"""What a user has set about themselves, and one role that was put there too."""

from django.conf import settings
from django.db import models


class Profile(models.Model):
    """A forum profile. Role kept here: `moderated_courses`, a JSON list of course ids."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="profile")
    about = models.TextField(blank=True)
    moderated_courses = models.JSONField(default=list, blank=True)

    def __str__(self) -> str:
        """Return whose profile it is."""
        return f"profile of {self.user}"
