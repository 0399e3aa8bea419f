"""One invoice."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from authmigration import check, require
from monolith.payments.models import Invoice, Receipt


@login_required
def invoice_detail(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """GET: the invoice, with a button for bursars to refund it."""
    invoices = Invoice.objects.select_related("student", "course__school")
    invoice = get_object_or_404(invoices, pk=invoice_id)
    if invoice.student != request.user:
        require(request.user, "invoice.view", invoice)
    is_own = invoice.student == request.user
    may_refund = check(request.user, "invoice.refund", invoice)
    may_settle = not is_own and check(request.user, "invoice.settle", invoice)
    return render(
        request,
        "payments/invoice.html",
        {
            "invoice": invoice,
            "is_own": is_own,
            "may_refund": may_refund,
            "may_settle": may_settle,
            "receipt": Receipt.objects.filter(invoice=invoice).first(),
        },
    )
