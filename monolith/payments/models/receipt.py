"""What a student gets for their money."""

from django.db import models
from django.utils import timezone


class Receipt(models.Model):
    """The receipt for one paid invoice, found by what is printed on it."""

    invoice = models.OneToOneField("payments.Invoice", models.PROTECT, related_name="receipt")
    reference = models.CharField(max_length=20, unique=True)
    issued_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        """Return the reference."""
        return self.reference
