"""A rule: what a flag does to the subjects of a cohort."""

from typing import ClassVar

from django.db import models

from ..content import Effect
from .cohort import Cohort


class Rule(models.Model):
    """One flag, one cohort, one effect; it may end by itself."""

    flag = models.CharField(max_length=100)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="rules")
    effect = models.CharField(
        max_length=10, choices=[(effect.value, effect.value) for effect in Effect]
    )
    until = models.DateTimeField(null=True, blank=True, help_text="Empty: until it is taken away.")

    objects: ClassVar[models.Manager["Rule"]] = models.Manager()

    class Meta:  # noqa: D106 -- Django's
        ordering = ["flag", "effect", "cohort__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["flag", "cohort", "effect"], name="feature_flags_rule_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.flag}: {self.effect} {self.cohort}"
