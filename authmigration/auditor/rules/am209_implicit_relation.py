"""AM209: a model serializer takes a foreign key to a context from the client."""

from typing import TYPE_CHECKING

from ..project.definitions import Binding, Function
from ..rule import Rule
from ..source.expressions import NONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..audit import Audit
    from ..finding import Finding
    from ..project.definitions import Class

WRITING = ("CreateModelMixin", "UpdateModelMixin")
NARROWING = ("validate", "__init__", "get_fields", "to_internal_value", "create", "update")


class ImplicitRelation(Rule):
    """A model serializer takes a foreign key to a context from the client.

    What it finds:
        A model serializer of a view that writes: it lists a foreign key to the context of a
        declared role table, does not make it read-only and does not validate it.

    Why it matters:
        The check asks about the context where the row stands; the client names another in the
        body, and the row is made there or moves there.

    What to write:
        Make the field read-only, or ask about the new context in ``validate_<field>``.
    """

    id = "AM209"
    title = "A model serializer takes a foreign key to a context from the client"
    confidence = 60
    _models = """
from django.db import models


class Course(models.Model):
    name = models.TextField()


class Enrolment(models.Model):
    student = models.ForeignKey("auth.User", on_delete=models.CASCADE)
    course = models.ForeignKey(Course, on_delete=models.CASCADE)


class Exercise(models.Model):
    course = models.ForeignKey(Course, on_delete=models.CASCADE)
"""
    _authz = """
from authmigration import legacy

from .models import Enrolment

ENROLMENTS = legacy.table(Enrolment, user="student", context="course")
"""
    bad = (
        {
            "app/models.py": _models,
            "app/authz.py": _authz,
            "app/api.py": """
from rest_framework import generics, serializers

from .models import Exercise


class ExerciseSerializer(serializers.ModelSerializer):
    class Meta:
        model = Exercise
        fields = ("id", "course")


class ExerciseDetail(generics.UpdateAPIView):
    serializer_class = ExerciseSerializer

    def get_queryset(self):
        return Exercise.objects.filter(course__owner=self.request.user)
""",
        },
    )
    good = (
        {
            "app/models.py": _models,
            "app/authz.py": _authz,
            "app/api.py": """
from rest_framework import generics, serializers

from .models import Exercise


class ExerciseSerializer(serializers.ModelSerializer):
    class Meta:
        model = Exercise
        fields = ("id", "course")
        read_only_fields = ("course",)


class ExerciseDetail(generics.UpdateAPIView):
    serializer_class = ExerciseSerializer

    def get_queryset(self):
        return Exercise.objects.filter(course__owner=self.request.user)
""",
        },
    )

    def findings(self, audit: "Audit") -> "Iterator[Finding]":
        """Yield the model serializers with a writable key to a declared context."""
        writing = serializers_written(audit) if audit.program.contexts else set()
        for klass in writing:
            meta = klass.nested.get("Meta")
            node = meta.attributes.get("model", (NONE, 0))[0] if meta else NONE
            model = audit.models.target(meta, node) if meta else None
            if meta is None or model is None:
                continue
            relations = audit.models.shape(model).relations
            for name in sorted((taken(meta) - set(klass.attributes)) & set(relations)):
                if relations[name].target in audit.program.contexts and not judged(klass, name):
                    said = f"The client names the {name} of the {model.name} in the body."
                    yield self.at(klass.module, klass.line, klass.symbol, said)


def serializers_written(audit: "Audit") -> "set[Class]":
    """Return the serializers of views that create or change rows."""
    found = set()
    for view in audit.index.classes:
        writes = any(audit.hierarchy.inherits(view, name) for name in WRITING)
        held = audit.hierarchy.attribute(view, "serializer_class") if writes else None
        serializer = audit.index.resolve(held[0].module, held[1]) if held else None
        if serializer is not None and not isinstance(serializer, str | Function | Binding):
            found.add(serializer)
    return found


def taken(meta: "Class") -> set[str]:
    """Return the fields that a serializer lists and takes from the client."""
    return names_of(meta, "fields") - names_of(meta, "read_only_fields")


def names_of(meta: "Class", attribute: str) -> set[str]:
    """Return the texts of a list in Meta."""
    node = meta.attributes.get(attribute, (NONE, 0))[0]
    return {str(item[1]) for item in node[1] if item[0] == "const"} if node[0] == "list" else set()


def judged(klass: "Class", name: str) -> bool:
    """Tell whether the serializer has a say in what the client names."""
    return bool({*NARROWING, f"validate_{name}"} & set(klass.methods))
