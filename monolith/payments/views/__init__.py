"""The pages of the payments."""

from monolith.payments.views.invoice import invoice_detail
from monolith.payments.views.refund import refund

__all__ = ["invoice_detail", "refund"]
