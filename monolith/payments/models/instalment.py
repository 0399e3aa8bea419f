"""Paying bit by bit."""

from django.db import models


class Instalment(models.Model):
    """One part of an invoice; `amount_cents` is in hundredths of the school's currency."""

    invoice = models.ForeignKey("payments.Invoice", models.PROTECT, related_name="instalments")
    due_on = models.DateField()
    amount_cents = models.PositiveIntegerField()

    def __str__(self) -> str:
        """Return the amount and the day."""
        return f"{self.amount}, due on {self.due_on}"

    @property
    def amount(self) -> str:
        """The amount in whole units, with two decimals."""
        return f"{self.amount_cents / 100:,.2f}"
