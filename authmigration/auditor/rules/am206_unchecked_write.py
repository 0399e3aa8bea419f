"""AM206: a row is checked where it is read, and written without the check."""

from ..rule import SuspectRule


class UncheckedWrite(SuspectRule):
    """A row is checked where it is read, and written without the check.

    What it finds:
        A view that checks a row on one way and changes or deletes it on another without the check.

    Why it matters:
        The check was forgotten on the way that does more harm.

    What to write:
        Check the row right after it is fetched, before the ways part.
    """

    id = "AM206"
    title = "A row is checked where it is read, and written without the check"
    shape = "write"
    message = (
        "The {model} that {sent} selects is written without the check that guards the reading."
    )
    bad = (
        """
from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import JsonResponse
from django.shortcuts import get_object_or_404


class Invoice(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)


@login_required
def invoice(request, pk):
    invoice = get_object_or_404(Invoice, pk=pk)
    if request.method == "POST":
        invoice.delete()
        return JsonResponse({})
    if invoice.owner != request.user:
        raise PermissionDenied
    return JsonResponse({"amount": invoice.amount})
""",
    )
    good = (
        """
from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import JsonResponse
from django.shortcuts import get_object_or_404


class Invoice(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)


@login_required
def invoice(request, pk):
    invoice = get_object_or_404(Invoice, pk=pk)
    if invoice.owner != request.user:
        raise PermissionDenied
    if request.method == "POST":
        invoice.delete()
        return JsonResponse({})
    return JsonResponse({"amount": invoice.amount})
""",
    )
