"""What a student pays for a course."""

from django.conf import settings
from django.db import models


class Invoice(models.Model):
    """One invoice; `amount_cents` is in hundredths of the school's currency."""

    STATUSES = (("open", "open"), ("paid", "paid"), ("refunded", "refunded"))

    student = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="invoices")
    course = models.ForeignKey("courses.Course", models.PROTECT, related_name="invoices")
    amount_cents = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=STATUSES, default="open")
    due_on = models.DateField("due", null=True, blank=True)
    reminded_on = models.DateField("last reminded", null=True, blank=True)

    def __str__(self) -> str:
        """Return the number, the amount and the status."""
        return f"Invoice {self.pk}: {self.amount}, {self.status}"

    @property
    def amount(self) -> str:
        """The amount in whole units, with two decimals."""
        return f"{self.amount_cents / 100:,.2f}"
