"""What the payments do at night."""

from datetime import timedelta

from celery import shared_task
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from authmigration import acting_as, unassign
from monolith.courses.authz import STUDENT
from monolith.payments.models import Invoice
from monolith.payments.reminders import remind

REMIND_EVERY = timedelta(days=14)
LATE = timedelta(days=1)
PATIENCE = timedelta(days=90)


@shared_task(name="payments.remind")
def remind_of_unpaid_invoices() -> int:
    """Write to everybody whose invoice is overdue, at most every 14 days; return how many."""
    today = timezone.localdate()
    waiting = Q(reminded_on=None) | Q(reminded_on__lte=today - REMIND_EVERY)
    invoices = list(_overdue(LATE).filter(waiting).select_related("student", "course"))
    remind(invoices)
    return len(invoices)


@shared_task(name="payments.debtors")
def take_places_of_debtors() -> int:
    """Send a task for each invoice that is overdue by 90 days; return how many."""
    late = _overdue(PATIENCE).filter(
        course__enrolments__status="active",
        course__enrolments__kind=10,
        course__enrolments__student=F("student"),
    )
    keys = list(late.order_by("pk").values_list("pk", flat=True).distinct())
    for key in keys:
        take_place_of_debtor.delay(key)
    return len(keys)


@shared_task(name="payments.debtor", autoretry_for=(Exception,), retry_backoff=True, max_retries=5)
def take_place_of_debtor(invoice_id: int) -> bool:
    """Take the debtor's place on the course; return whether there was one."""
    invoice = _overdue(PATIENCE).select_related("course").filter(pk=invoice_id).first()
    if invoice is None:
        return False  # paid, or given more time, meanwhile
    with acting_as("payments.debtors", reason=f"Invoice {invoice.pk} is overdue by 90 days."):
        return unassign(str(invoice.student_id), STUDENT, invoice.course).changed


def _overdue(by: timedelta) -> QuerySet[Invoice]:
    return Invoice.objects.filter(status="open", due_on__lte=timezone.localdate() - by)
