"""A rollout cohort: whom a rule is about."""

from typing import ClassVar

from django.db import models

from ..cohort_forms import read_cohort
from ..cohorts import CohortValue, Kind


class Cohort(models.Model):
    """Whom a rule is about. What was made of a text (``unit:school:7``) bears that text as name."""

    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in Kind])
    parameters = models.JSONField(
        default=dict,
        blank=True,
        help_text=(
            'everyone: {} · unit: {"units": ["school:7"]} · group: {"groups": ["registrars"]} · '
            'subjects: {"subjects": ["123"]} · attribute: {"name": "country", "values": ["DE"]} · '
            'percentage: {"basis_points": 2500}'
        ),
    )

    objects: ClassVar[models.Manager["Cohort"]] = models.Manager()

    class Meta:  # noqa: D106 -- Django's
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def value(self) -> CohortValue:
        """The cohort as a value.

        Raises:
            InvalidCohort: the row cannot be read.

        """
        return read_cohort(self.name, self.kind, self.parameters)
