"""AM205: sQL by hand selects rows by an id of the client."""

from ..rule import SuspectRule


class RawSql(SuspectRule):
    """SQL by hand selects rows by an id of the client.

    What it finds:
        ``raw()`` or ``extra()`` with a value of the client that selects rows, without a check.

    Why it matters:
        A reviewer looks for ``filter`` and ``get``; SQL by hand is passed over.

    What to write:
        Put the requester into the condition, or check the row before it is used.
    """

    id = "AM205"
    title = "SQL by hand selects rows by an id of the client"
    shape = "sql"
    message = (
        "SQL by hand selects {model} rows by {sent}, and nothing compares them with the requester."
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
    invoice = Invoice.objects.raw("SELECT * FROM invoice WHERE id = %s", [pk])[0]
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
    rows = Invoice.objects.raw(
        "SELECT * FROM invoice WHERE id = %s AND owner_id = %s", [pk, request.user.pk]
    )
    return JsonResponse({"amount": rows[0].amount})
""",
    )
