"""What the payments do at night."""

from datetime import timedelta

from celery import shared_task
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from authmigration import acting_as, unassign
from monolith.accounts.models import OutboxMail
from monolith.payments.models import Invoice

REMIND_EVERY = timedelta(days=14)
PATIENCE = timedelta(days=90)


@shared_task(name="payments.remind")
def remind_of_unpaid_invoices() -> int:
    """Write to everybody whose invoice is overdue, at most every 14 days; return how many."""
    today = timezone.localdate()
    waiting = Q(reminded_on=None) | Q(reminded_on__lte=today - REMIND_EVERY)
    invoices = list(_overdue().filter(waiting).select_related("student", "course"))
    OutboxMail.objects.bulk_create([_reminder(invoice) for invoice in invoices])
    Invoice.objects.filter(pk__in=[each.pk for each in invoices]).update(reminded_on=today)
    return len(invoices)


@shared_task(name="payments.debtors")
def take_places_of_debtors() -> int:
    """Send a task for each invoice that is overdue by 90 days; return how many."""
    late = _overdue().filter(
        due_on__lte=timezone.localdate() - PATIENCE,
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
    from monolith.courses.authz import STUDENT  # a worker loads the tasks before the models

    invoice = _overdue().select_related("course").filter(pk=invoice_id).first()
    if invoice is None:
        return False  # paid meanwhile
    with acting_as("payments.debtors", reason=f"Invoice {invoice.pk} is overdue by 90 days."):
        return unassign(str(invoice.student_id), STUDENT, invoice.course).changed


def _overdue() -> QuerySet[Invoice]:
    return Invoice.objects.filter(status="open", due_on__lt=timezone.localdate())


def _reminder(invoice: Invoice) -> OutboxMail:
    return OutboxMail(
        to=invoice.student.email,
        subject=f"Invoice {invoice.pk} is overdue",
        body=f"{invoice.amount} for {invoice.course} was due on {invoice.due_on:%d.%m.%Y}.",
    )
