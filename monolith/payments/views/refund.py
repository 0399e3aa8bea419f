"""Giving money back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from authmigration import require
from monolith.payments.models import Invoice


@login_required
@require_POST
def refund(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """POST: refund the invoice; one that is not paid is answered with 409."""
    invoice = get_object_or_404(Invoice.objects.select_related("course"), pk=invoice_id)
    require(request.user, "invoice.refund", invoice)
    if invoice.status != "paid":
        reason = f"This invoice is {invoice.status}; only a paid one can be refunded."
        return render(request, "409.html", {"reason": reason}, status=409)
    invoice.status = "refunded"
    invoice.save(update_fields=["status"])
    messages.success(request, f"Invoice {invoice.pk} is refunded.")
    return redirect("invoice-detail", invoice_id=invoice.pk)
