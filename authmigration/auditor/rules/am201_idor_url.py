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
        """
from django.db import models
from django.views.decorators.http import require_POST
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response


class Invoice(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)


@api_view(["GET"])
@permission_classes([IsAuthenticated])
def invoice(request, pk):
    return Response({"amount": Invoice.objects.get(pk=pk).amount})


@require_POST
def remove(request, pk):
    Invoice.objects.filter(pk=pk).delete()
    return Response()
""",
        """
from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import JsonResponse


class Invoice(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)


@login_required
def remove(request, pk):
    invoice = Invoice.objects.get(pk=pk)
    request.user.has_perm("app.delete_invoice", invoice)
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
def invoice(request, pk):
    invoice = get_object_or_404(Invoice, pk=pk, owner=request.user)
    return JsonResponse({"amount": invoice.amount})
""",
        """
from django.db import models
from django.views.decorators.http import require_POST
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response


class Invoice(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)


@api_view(["GET"])
@permission_classes([IsAuthenticated])
def invoice(request, pk):
    return Response({"amount": Invoice.objects.get(pk=pk, owner=request.user).amount})


@require_POST
def remove(request, pk):
    Invoice.objects.filter(pk=pk, owner=request.user).delete()
    return Response()
""",
        """
from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import JsonResponse


class Invoice(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)


@login_required
def remove(request, pk):
    invoice = Invoice.objects.get(pk=pk)
    if not request.user.has_perm("app.delete_invoice", invoice):
        return JsonResponse({}, status=403)
    invoice.delete()
    return JsonResponse({})
""",
    )
