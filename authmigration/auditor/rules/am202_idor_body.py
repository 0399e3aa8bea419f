"""AM202: a row is fetched by an id of the body or query and compared with nobody."""

from ..rule import SuspectRule


class IdorBody(SuspectRule):
    """A row is fetched by an id of the body or query and compared with nobody.

    What it finds:
        A row that an id in ``request.data``, ``POST``, ``GET`` or a form selects, used without a
        check of the row itself.

    Why it matters:
        A hidden field or a parameter is as easily changed as a URL (CWE-639).

    What to write:
        Limit the lookup to rows that the requester may name, or ask ``require`` for the row.
    """

    id = "AM202"
    title = "A row is fetched by an id of the body or query and compared with nobody"
    shape = "body"
    message = "The {model} is fetched by {sent}, and nothing compares it with the requester."
    bad = (
        """
from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import JsonResponse
from django.shortcuts import get_object_or_404


class Invoice(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)


@login_required
def pay(request):
    invoice = get_object_or_404(Invoice, pk=request.POST["invoice"])
    invoice.delete()
    return JsonResponse({})
""",
        """
from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import JsonResponse


class Invoice(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)


@login_required
def chosen(request):
    ids = request.GET.getlist("ids")
    found = Invoice.objects.filter(pk__in=ids).values("amount")
    return JsonResponse({"found": list(found)})
""",
        """
from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import JsonResponse


class Invoice(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)


@login_required
def remove(request):
    found = Invoice.objects.in_bulk(request.POST.getlist("ids"))
    for invoice in found.values():
        invoice.delete()
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


@login_required
def pay(request):
    invoice = get_object_or_404(Invoice, pk=request.POST["invoice"])
    if invoice.owner != request.user:
        raise PermissionDenied
    invoice.delete()
    return JsonResponse({})
""",
        """
from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import JsonResponse


class Invoice(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)


@login_required
def chosen(request):
    ids = request.GET.getlist("ids")
    found = Invoice.objects.filter(pk__in=ids).filter(owner=request.user).values("amount")
    return JsonResponse({"found": list(found)})
""",
        """
from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import JsonResponse


class Invoice(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)


@login_required
def remove(request):
    found = Invoice.objects.filter(owner=request.user).in_bulk(request.POST.getlist("ids"))
    for invoice in found.values():
        invoice.delete()
    return JsonResponse({})
""",
    )
