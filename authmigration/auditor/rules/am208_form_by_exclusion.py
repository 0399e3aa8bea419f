"""AM208: a form over somebody's account takes every column but a few."""

import re
from typing import TYPE_CHECKING

from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..audit import Audit
    from ..finding import Finding
    from ..project.definitions import Class
    from ..source.expressions import Node

FORMS = ("ModelForm", "ModelSerializer", "HyperlinkedModelSerializer")


class FormByExclusion(Rule):
    """A form over somebody's account takes every column but a few.

    What it finds:
        A model form or a serializer with ``exclude`` or ``fields = "__all__"`` over an account or a
        profile, where one of the columns that are left is a relation or a flag of a role.

    Why it matters:
        Whoever edits their own profile posts a column that the page does not show, and appoints
        themselves (CWE-915).

    What to write:
        List the fields that may be edited.
    """

    id = "AM208"
    title = "A form over somebody's account takes every column but a few"
    confidence = 75
    bad = (
        """
from django import forms
from django.db import models


class Course(models.Model):
    name = models.TextField()


class Profile(models.Model):
    user = models.OneToOneField("auth.User", on_delete=models.CASCADE)
    moderates = models.ManyToManyField(Course)


class ProfileForm(forms.ModelForm):
    class Meta:
        model = Profile
        exclude = ("user",)
""",
    )
    good = (
        """
from django import forms
from django.db import models


class Course(models.Model):
    name = models.TextField()


class Profile(models.Model):
    user = models.OneToOneField("auth.User", on_delete=models.CASCADE)
    moderates = models.ManyToManyField(Course)
    motto = models.TextField()


class ProfileForm(forms.ModelForm):
    class Meta:
        model = Profile
        fields = ("motto",)
""",
    )

    def findings(self, audit: "Audit") -> "Iterator[Finding]":
        """Yield the forms over accounts whose columns are not listed."""
        for klass in audit.index.classes:
            meta = klass.nested.get("Meta")
            if meta is None or not any(audit.hierarchy.inherits(klass, name) for name in FORMS):
                continue
            left_out = excluded(meta)
            model = audit.models.target(meta, meta.attributes.get("model", (NOTHING, 0))[0])
            if left_out is None or model is None or not of_account(audit, model):
                continue
            for name in sorted(roles_of(audit, model) - left_out)[:1]:
                said = f"Every column of {model.name} is taken but a few; {name} is among them."
                yield self.at(klass.module, meta.line, klass.symbol, said)


ROLE = re.compile(r"role|moderat|is_staff|is_super|is_teacher|permission|groups|admin")


def roles_of(audit: "Audit", model: "Class") -> set[str]:
    """Return the columns that sound like a role, and the relations to what is no account."""
    shape = audit.models.shape(model)
    related = {item.name for item in shape.relations.values() if not item.to_user}
    return related | {name for name in shape.fields if ROLE.search(name)}


NOTHING: "Node" = ("const", None)


def excluded(meta: "Class") -> set[str] | None:
    """Return the columns that a form leaves out; None if it lists those that it takes."""
    fields = meta.attributes.get("fields", (NOTHING, 0))[0]
    exclude = meta.attributes.get("exclude", (NOTHING, 0))[0]
    if fields == ("const", "__all__"):
        return set()
    if exclude[0] == "list":
        return {str(item[1]) for item in exclude[1] if item[0] == "const"}
    return None


def of_account(audit: "Audit", model: "Class") -> bool:
    """Tell whether a model is an account, or stands one to one with one."""
    relations = audit.models.shape(model).relations.values()
    return audit.models.is_user(model) or any(
        relation.to_user and relation.kind == "OneToOneField" for relation in relations
    )
