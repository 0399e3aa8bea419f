"""Writing to somebody who owes."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin, UserPassesTestMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.views.generic import View

from monolith.payments.models import Bursar, Invoice
from monolith.payments.reminders import remind


class Remind(LoginRequiredMixin, UserPassesTestMixin, View):
    """POST: remind the student of an open invoice; another one is answered with 409."""

    http_method_names = ("post",)

    @cached_property
    def invoice(self) -> Invoice:
        """Return the invoice of the address."""
        invoices = Invoice.objects.select_related("student", "course")
        return get_object_or_404(invoices, pk=self.kwargs["invoice_id"])

    def test_func(self) -> bool:
        """Return whether the user is a bursar of the school of the invoice."""
        user, school = self.request.user, self.invoice.course.school_id
        return user.is_superuser or Bursar.objects.filter(user=user, school=school).exists()

    def post(self, request: HttpRequest, invoice_id: int) -> HttpResponse:
        """Write the letter."""
        if self.invoice.status != "open":
            reason = f"This invoice is {self.invoice.status}; nobody is reminded of it."
            return render(request, "409.html", {"reason": reason}, status=409)
        remind([self.invoice])
        messages.success(request, f"{self.invoice.student} is reminded.")
        return redirect("invoice-detail", invoice_id=invoice_id)
