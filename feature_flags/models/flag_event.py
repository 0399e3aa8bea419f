"""The history: who changed which flag, from what to what, and why."""

from typing import Any, ClassVar, NoReturn

from django.db import models

from ..errors import HistoryIsFinal


class FlagEventQuerySet(models.QuerySet["FlagEvent"]):
    """Rows that are added and read."""

    def update(self, **_: Any) -> NoReturn:
        """Refuse: history is final."""
        raise HistoryIsFinal

    def delete(self) -> NoReturn:
        """Refuse: history is final."""
        raise HistoryIsFinal


class FlagEvent(models.Model):
    """One change, with its reason. Written in the transaction of the change; never altered."""

    CHANNELS = ("code", "command", "admin", "api", "guard", "waffle")
    TARGETS = ("flag", "cohort", "kill_switch")

    at = models.DateTimeField(auto_now_add=True)
    actor = models.CharField(max_length=150, help_text="The id of a user, or a name.")
    actor_name = models.CharField(max_length=150, blank=True, default="")
    channel = models.CharField(max_length=20, choices=[(each, each) for each in CHANNELS])
    action = models.CharField(max_length=40)
    target_type = models.CharField(max_length=20, choices=[(each, each) for each in TARGETS])
    target = models.CharField(max_length=200)
    before = models.JSONField()
    after = models.JSONField()
    reason = models.TextField()

    objects: ClassVar[models.Manager["FlagEvent"]] = models.Manager.from_queryset(
        FlagEventQuerySet
    )()

    class Meta:  # noqa: D106 -- Django's
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["target_type", "target"], name="feature_flags_event_target")
        ]

    def __str__(self) -> str:
        return f"{self.actor_name or self.actor}: {self.action} {self.target}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the event.

        Raises:
            HistoryIsFinal: it exists already.

        """
        if not self._state.adding:
            raise HistoryIsFinal
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse: history is final."""
        raise HistoryIsFinal
