"""Who may do what with invoices, and where the old code keeps it."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from authmigration import ContextType, Role, legacy
from monolith.accounts.models import User
from monolith.payments.models import Bursar, Invoice, Receipt

INVOICE = ContextType("invoice", Invoice, parent="course")
RECEIPT = ContextType("receipt", Receipt, parent="invoice")

BURSAR = Role(
    "bursar",
    on="school",
    can={
        "school.view",
        "school.report",
        "invoice.view",
        "invoice.refund",
        "invoice.settle",
        "receipt.view",
    },
)

BURSARS = legacy.table(
    Bursar,
    user="user",
    context="school",
    role=BURSAR,
    where=Q(deleted_at=None),
    write=legacy.write(on={"deleted_at": None}, off={"deleted_at": timezone.now}),
)


@legacy.check("invoice.view", stricter="F10: whoever has logged in reads every invoice")
def may_view_invoice(user: User, invoice: Invoice) -> bool:
    return user.is_authenticated


@legacy.list("invoice.view", stricter="F36: a bursar lists the invoices of all schools")
def invoices_to_view(user: User) -> QuerySet[Invoice]:
    if user.is_superuser or Bursar.objects.filter(user=user).exists():
        return Invoice.objects.all()
    return Invoice.objects.none()


@legacy.check("invoice.refund", stricter="F11: the bursar of any school refunds everywhere")
def may_refund(user: User, invoice: Invoice) -> bool:
    return user.is_superuser or Bursar.objects.filter(user=user).exists()


@legacy.check("invoice.settle")
def may_settle(user: User, invoice: Invoice) -> bool:
    return user.is_superuser or invoice.course.school.bursars.filter(user=user).exists()


@legacy.check("receipt.view", stricter="F37: whoever knows, or guesses, a reference reads it")
def may_view_receipt(user: User, receipt: Receipt) -> bool:
    return user.is_authenticated
