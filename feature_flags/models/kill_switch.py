"""The state of a kill switch."""

from typing import ClassVar

from django.db import models


class KillSwitch(models.Model):
    """Turns off, for everybody, each flag that is declared with this switch."""

    name = models.CharField(max_length=100, unique=True)
    on = models.BooleanField(default=False)
    reason = models.TextField()
    actor = models.CharField(max_length=150)
    at = models.DateTimeField(help_text="When it was last turned on or off.")
    changed_at = models.DateTimeField(
        help_text="As above, but later than every earlier change, whatever the clocks do."
    )

    objects: ClassVar[models.Manager["KillSwitch"]] = models.Manager()

    class Meta:  # noqa: D106 -- Django's
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} is {'killed' if self.on else 'not killed'}"
