"""The pages of the payments."""

from monolith.payments.views.invoice import invoice_detail
from monolith.payments.views.invoices import invoice_list
from monolith.payments.views.outstanding import outstanding
from monolith.payments.views.pay import pay
from monolith.payments.views.plan import payment_plan
from monolith.payments.views.receipt import receipt
from monolith.payments.views.refund import refund
from monolith.payments.views.remind import Remind

__all__ = [
    "Remind",
    "invoice_detail",
    "invoice_list",
    "outstanding",
    "pay",
    "payment_plan",
    "receipt",
    "refund",
]
