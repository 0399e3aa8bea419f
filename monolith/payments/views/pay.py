"""Paying an invoice."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from authmigration import require
from monolith.payments.models import Invoice, Receipt
from monolith.payments.provider import CardDeclinedError, charge
from monolith.payments.settling import NotOpenError, settle


@login_required
@require_POST
def pay(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """POST: the student pays by `card`; a bursar notes that it was paid at the counter.

    An invoice that is not open is answered with 409.
    """
    invoice = get_object_or_404(Invoice.objects.select_related("course__school"), pk=invoice_id)
    is_own = invoice.student_id == request.user.pk
    if not is_own:
        require(request.user, "invoice.settle", invoice)
    try:
        receipt = _pay_by_card(invoice, request.POST.get("card", "")) if is_own else settle(invoice)
    except NotOpenError as error:
        return render(request, "409.html", {"reason": str(error)}, status=409)
    except CardDeclinedError as error:
        messages.error(request, str(error))
        return redirect("invoice-detail", invoice_id=invoice.pk)
    return redirect("receipt", reference=receipt.reference)


@transaction.atomic
def _pay_by_card(invoice: Invoice, card: str) -> Receipt:
    """Settle first: an invoice that is not open charges nobody, a declined card settles nothing."""
    receipt = settle(invoice)
    charge(card, invoice.amount_cents)
    return receipt
