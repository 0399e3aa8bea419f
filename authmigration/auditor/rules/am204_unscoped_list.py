"""AM204: a list shows all rows of a model that is limited elsewhere."""

from ..rule import SuspectRule


class UnscopedList(SuspectRule):
    """A list shows all rows of a model that is limited elsewhere.

    What it finds:
        A list view over a whole table, where code elsewhere shows each requester only some rows.

    Why it matters:
        One list without a limit gives away what all the others protect.

    What to write:
        Limit ``get_queryset`` as the others do, or use ``filter_queryset(user, permission, …)``.
    """

    id = "AM204"
    title = "A list shows all rows of a model that is limited elsewhere"
    shape = "list"
    message = "All rows of {model} are listed, though other code limits them to the requester."
    bad = (
        """
from django.db import models
from rest_framework import generics
from rest_framework.permissions import IsAuthenticated


class Invoice(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)


class Mine(generics.ListAPIView):
    def get_queryset(self):
        return Invoice.objects.filter(owner=self.request.user)


class All(generics.ListAPIView):
    queryset = Invoice.objects.all()
    permission_classes = [IsAuthenticated]
""",
    )
    good = (
        """
from django.db import models
from rest_framework import generics
from rest_framework.permissions import IsAuthenticated


class Invoice(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)


class Mine(generics.ListAPIView):
    def get_queryset(self):
        return Invoice.objects.filter(owner=self.request.user)


class Open(generics.ListAPIView):
    permission_classes = [IsAuthenticated]

    def get_queryset(self):
        return Invoice.objects.filter(owner=self.request.user, open=True)
""",
    )
