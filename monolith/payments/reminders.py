"""Letters to those who owe."""

from collections.abc import Sequence

from django.utils import timezone

from monolith.accounts.models import OutboxMail
from monolith.payments.models import Invoice


def remind(invoices: Sequence[Invoice]) -> None:
    """Write to the students of open invoices, and note the day."""
    OutboxMail.objects.bulk_create([_letter(invoice) for invoice in invoices])
    keys = [invoice.pk for invoice in invoices]
    Invoice.objects.filter(pk__in=keys).update(reminded_on=timezone.localdate())


def _letter(invoice: Invoice) -> OutboxMail:
    due = f"was due on {invoice.due_on:%d.%m.%Y}" if invoice.due_on else "is open"
    return OutboxMail(
        to=invoice.student.email,
        subject=f"Please pay invoice {invoice.pk}",
        body=f"{invoice.amount} for {invoice.course} {due}.",
    )
