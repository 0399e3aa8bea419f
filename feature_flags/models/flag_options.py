"""What a row adds to the declaration of a flag."""

from typing import ClassVar

from django.db import models


class FlagOptions(models.Model):
    """Prerequisite, salt and safe value of a flag; also the row that one change at a time locks."""

    flag = models.CharField(max_length=100, unique=True)
    prerequisite = models.CharField(
        max_length=100,
        blank=True,
        default="",
        help_text="Name of a flag that must be on too, besides the one that the code declares.",
    )
    salt = models.CharField(
        max_length=100,
        blank=True,
        default="",
        help_text=(
            "Of the percentage, where the code names none; empty: the name of the flag. "
            "Another salt draws new lots for everybody."
        ),
    )
    safe = models.BooleanField(
        null=True,
        blank=True,
        help_text="The answer where rows of this flag cannot be read; unknown: as declared.",
    )

    objects: ClassVar[models.Manager["FlagOptions"]] = models.Manager()

    class Meta:  # noqa: D106 -- Django's
        ordering = ["flag"]
        verbose_name = "options of a flag"
        verbose_name_plural = "options of flags"

    def __str__(self) -> str:
        return self.flag
