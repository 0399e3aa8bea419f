"""Who may do what with invoices, and where the old code keeps it."""

from django.db.models import Q
from django.utils import timezone

from authmigration import ContextType, Role, legacy
from monolith.accounts.models import User
from monolith.payments.models import Bursar, Invoice

INVOICE = ContextType("invoice", Invoice, parent="course")

BURSAR = Role("bursar", on="school", can={"school.view", "invoice.view", "invoice.refund"})

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


@legacy.check("invoice.refund", stricter="F11: the bursar of any school refunds everywhere")
def may_refund(user: User, invoice: Invoice) -> bool:
    return user.is_superuser or Bursar.objects.filter(user=user).exists()
