"""Paying an invoice bit by bit."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from monolith.courses.posted import posted_id
from monolith.payments.models import Bursar, Instalment, Invoice

GRACE = timedelta(days=30)


@login_required
def payment_plan(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """GET: the instalments, for the student and the school's bursars.

    POST `instalment` (its id): a bursar gives thirty more days.
    """
    invoices = Invoice.objects.select_related("student", "course__school")
    invoice = get_object_or_404(invoices, pk=invoice_id)
    is_bursar = (
        request.user.is_superuser
        or Bursar.objects.filter(user=request.user, school=invoice.course.school_id).exists()
    )
    if request.method == "POST":
        if not is_bursar:
            raise PermissionDenied
        instalment = get_object_or_404(Instalment, pk=posted_id(request, "instalment"))
        instalment.due_on += GRACE
        instalment.save(update_fields=["due_on"])
        messages.success(request, f"Now due on {instalment.due_on:%d.%m.%Y}.")
        return redirect("payment-plan", invoice_id=invoice.pk)
    if not (is_bursar or invoice.student_id == request.user.pk):
        raise PermissionDenied
    context = {
        "invoice": invoice,
        "instalments": invoice.instalments.order_by("due_on", "pk"),
        "is_bursar": is_bursar,
    }
    return render(request, "payments/plan.html", context)
