"""A receipt, at the address that is printed on it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from authmigration import require
from monolith.payments.models import Receipt


@login_required
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """GET: the receipt, to be printed."""
    receipts = Receipt.objects.select_related("invoice__student", "invoice__course__school")
    found = get_object_or_404(receipts, reference=reference)
    if found.invoice.student != request.user:
        require(request.user, "receipt.view", found)
    return render(request, "payments/receipt.html", {"receipt": found})
