"""Invoices, how they are paid, and the bursars who look after them."""

from monolith.payments.models.bursar import Bursar
from monolith.payments.models.instalment import Instalment
from monolith.payments.models.invoice import Invoice
from monolith.payments.models.receipt import Receipt

__all__ = ["Bursar", "Instalment", "Invoice", "Receipt"]
