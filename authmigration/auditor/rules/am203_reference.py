"""AM203: a new row refers to one that the requester may have no access to."""

from ..rule import SuspectRule


class Reference(SuspectRule):
    """A new row refers to one that the requester may have no access to.

    What it finds:
        A row that the client names is made the parent of another one, or put into a relation,
        without a check of it.

    Why it matters:
        The client moves its own rows under somebody else's parent, or pulls in rows of others.

    What to write:
        Limit the choice of parents to the requester's, in the lookup or in the serializer's field.
    """

    id = "AM203"
    title = "A new row refers to one that the requester may have no access to"
    shape = "reference"
    message = (
        "The {model} that {sent} selects is referred to, "
        "and nothing compares it with the requester."
    )
    bad = (
        """
from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import JsonResponse
from django.shortcuts import get_object_or_404


class Invoice(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)


class Line(models.Model):
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE)


@login_required
def add_line(request, pk):
    invoice = get_object_or_404(Invoice, pk=pk)
    Line.objects.create(invoice=invoice)
    return JsonResponse({})
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


class Line(models.Model):
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE)


@login_required
def add_line(request, pk):
    invoice = get_object_or_404(request.user.invoices, pk=pk)
    Line.objects.create(invoice=invoice)
    return JsonResponse({})
""",
    )
