"""Many invoices."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from authmigration import filter_queryset
from monolith.payments.models import Invoice

PAGE = 50


@login_required
def invoice_list(request: HttpRequest) -> HttpResponse:
    """GET: the user's own invoices and those that they look after; `status` narrows them."""
    others = filter_queryset(request.user, "invoice.view", Invoice.objects.all())
    invoices = Invoice.objects.filter(Q(student=request.user) | Q(pk__in=others.values("pk")))
    statuses = [status for status, _ in Invoice.STATUSES]
    status = request.GET.get("status", "")
    if status in statuses:
        invoices = invoices.filter(status=status)
    rows = invoices.select_related("student", "course__school").order_by("pk")
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "statuses": statuses,
        "query": f"status={status}&" if status in statuses else "",
    }
    return render(request, "payments/invoices.html", context)
