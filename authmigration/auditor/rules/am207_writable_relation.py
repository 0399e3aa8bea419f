"""AM207: a serializer or a form accepts any row of a model that is limited elsewhere."""

from typing import TYPE_CHECKING

from ..project.models import called
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..audit import Audit
    from ..finding import Finding
    from ..project.definitions import Class
    from ..source.expressions import Node

FIELDS = {
    *("PrimaryKeyRelatedField", "SlugRelatedField", "ModelChoiceField"),
    *("ModelMultipleChoiceField", "HyperlinkedRelatedField"),
}
NARROWING = ("validate", "__init__", "get_fields", "to_internal_value", "clean", "get_queryset")


class WritableRelation(Rule):
    """A serializer or a form accepts any row of a model that is limited elsewhere.

    What it finds:
        A related field over ``Model.objects.all()``, where other code shows each requester only
        some rows of the model, and nothing in the class validates or narrows the field.

    Why it matters:
        The client attaches its own rows to rows of others, and learns which of them exist.

    What to write:
        Narrow the field's queryset to the requester's, in ``__init__`` or ``get_queryset``.
    """

    id = "AM207"
    title = "A serializer or a form accepts any row of a model that is limited elsewhere"
    confidence = 60
    bad = (
        """
from django.db import models
from django.shortcuts import get_object_or_404, render
from rest_framework import serializers


class Invoice(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)


class LineSerializer(serializers.Serializer):
    invoice = serializers.PrimaryKeyRelatedField(queryset=Invoice.objects.all())


def invoice(request, pk):
    invoice = get_object_or_404(Invoice, pk=pk, owner=request.user)
    return render(request, "invoice.html", {"invoice": invoice})
""",
    )
    good = (
        """
from django.db import models
from django.shortcuts import get_object_or_404, render
from rest_framework import serializers


class Invoice(models.Model):
    owner = models.ForeignKey("auth.User", on_delete=models.CASCADE)


class LineSerializer(serializers.Serializer):
    invoice = serializers.PrimaryKeyRelatedField(queryset=Invoice.objects.all())

    def validate_invoice(self, invoice):
        if invoice.owner != self.context["request"].user:
            raise serializers.ValidationError("not yours")
        return invoice


def invoice(request, pk):
    invoice = get_object_or_404(Invoice, pk=pk, owner=request.user)
    return render(request, "invoice.html", {"invoice": invoice})
""",
    )

    def findings(self, audit: "Audit") -> "Iterator[Finding]":
        """Yield the related fields of serializers and forms that take any row."""
        for klass in audit.index.classes:
            for name, (node, line) in klass.attributes.items():
                model = offered(audit, klass, node)
                if model is None or model not in audit.judge.checked_models:
                    continue
                if narrowed(audit, klass, name):
                    continue
                said = f"The field {name} accepts any {model.name}, though other code limits them."
                yield self.at(klass.module, line, klass.symbol, said)


def offered(audit: "Audit", klass: "Class", node: "Node") -> "Class | None":
    """Return the model all of whose rows a field offers."""
    if called(node) not in FIELDS:
        return None
    for name, value in node[3]:
        if name == "read_only" and value == ("const", True):
            return None
        if name == "queryset" and value[0] == "call" and value[1][0] == "attr":
            held = value[1][1]
            if value[1][2] == "all" and held[0] == "attr":
                return audit.models.target(klass, held[1])
    return None


def narrowed(audit: "Audit", klass: "Class", name: str) -> bool:
    """Tell whether a method of the class has a say in what the field accepts."""
    wanted = {*NARROWING, f"validate_{name}", f"clean_{name}"}
    order = audit.hierarchy.order(klass)
    return any(wanted & set(each.methods) for each in order)
