"""AM201: a row is fetched by an id of the URL and compared with nobody."""

from ..rule import SuspectRule


class IdorUrl(SuspectRule):
    """A row is fetched by an id of the URL and compared with nobody.

    What it finds:
        A row that an id in the URL selects, used without a check of the row itself.

    Why it matters:
        Whoever has an account counts through the ids and reads or changes what is somebody
        else's (CWE-639).

    What to write:
        Limit the lookup to the requester's rows, or ask ``require(request.user, permission, row)``
        before the row is used.
    """

    id = "AM201"
    title = "A row is fetched by an id of the URL and compared with nobody"
    shape = "url"
    message = (
        "The {model} is fetched by {sent} of the URL, and nothing compares it with the requester."
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
    invoice = get_object_or_404(Invoice, pk=pk, owner=request.user)
    return JsonResponse({"amount": invoice.amount})
""",
    )
