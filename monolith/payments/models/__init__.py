"""Invoices and the bursars who look after them."""

from monolith.payments.models.bursar import Bursar
from monolith.payments.models.invoice import Invoice

__all__ = ["Bursar", "Invoice"]
