"""Who looks after a school's money."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone


class ServingBursars(models.Manager["Bursar"]):
    """Hides those who have left."""

    def get_queryset(self) -> models.QuerySet["Bursar"]:
        """Return the bursars who have not left."""
        return super().get_queryset().filter(deleted_at=None)


class Bursar(models.Model):
    """A user's membership of a school's bursary.

    Role kept here: the row itself, while `deleted_at` is empty. The accounts must stay traceable,
    so a row is never deleted; a bursar who comes back gets a second one.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bursaries")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="bursars")
    deleted_at = models.DateTimeField("left at", null=True, blank=True)

    objects = ServingBursars()
    with_those_who_left = models.Manager["Bursar"]()

    def __str__(self) -> str:
        """Return who serves where."""
        return f"{self.user}, bursar of {self.school}"

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse, always, with TypeError: call `leave()`."""
        message = "A bursar is never deleted: call leave()."
        raise TypeError(message)

    def leave(self) -> None:
        """End the membership now."""
        self.deleted_at = timezone.now()
        self.save(update_fields=["deleted_at"])
