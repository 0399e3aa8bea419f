"""What happens when an invoice is paid."""

from django.db import transaction

from monolith.payments.models import Invoice, Receipt


class NotOpenError(Exception):
    """The invoice is paid or refunded; the message says which."""


@transaction.atomic
def settle(invoice: Invoice) -> Receipt:
    """Mark an open invoice as paid and return its receipt; raise NotOpenError for another."""
    open_one = Invoice.objects.filter(pk=invoice.pk, status="open")
    if not open_one.update(status="paid"):
        message = f"This invoice is {invoice.status}; only an open one can be paid."
        raise NotOpenError(message)
    return Receipt.objects.create(invoice=invoice, reference=reference_of(invoice))


def reference_of(invoice: Invoice) -> str:
    """Return what is printed on the receipt of an invoice: `R-000042` for the 42nd."""
    return f"R-{invoice.pk:06}"
