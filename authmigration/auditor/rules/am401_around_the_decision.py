"""AM401: code reads a legacy role table around the central decision point."""

from typing import TYPE_CHECKING

from ..authz_files import is_authz_file, legacy_models
from ..project.models import last_name
from ..roles import is_user
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..audit import Audit
    from ..finding import Finding

READING = {"filter", "get", "exclude"}


class AroundTheDecision(Rule):
    """Code reads a legacy role table around the central decision point.

    What it finds:
        A query for the requester in a table that an ``authz.py`` declares with ``legacy.table``,
        outside the files ``authz.py`` and ``admin.py``.

    Why it matters:
        The code goes on asking legacy when the central world decides, so an appointment that legacy
        cannot hold is not seen there.

    What to write:
        Ask ``check`` or ``filter_queryset``, or ``roles_of`` where a list of roles is shown.
    """

    id = "AM401"
    title = "Code reads a legacy role table around the central decision point"
    level = "note"
    confidence = 60
    bad = (
        {
            "app/models.py": """
from django.db import models


class Enrolment(models.Model):
    student = models.ForeignKey("auth.User", on_delete=models.CASCADE)
""",
            "app/authz.py": """
from authmigration import legacy

from .models import Enrolment

ENROLMENTS = legacy.table(Enrolment, user="student", context="course")
""",
            "app/views.py": """
from .models import Enrolment


def home(request):
    return Enrolment.objects.filter(student=request.user).exists()
""",
        },
    )
    good = (
        {
            "app/models.py": """
from django.db import models


class Enrolment(models.Model):
    student = models.ForeignKey("auth.User", on_delete=models.CASCADE)
""",
            "app/views.py": """
from .models import Enrolment


def home(request):
    return Enrolment.objects.filter(student=request.user).exists()
""",
        },
    )

    def findings(self, audit: "Audit") -> "Iterator[Finding]":
        """Yield the queries for the requester in declared role tables."""
        declared = legacy_models(audit)
        if not declared:
            return
        for function, part, line in audit.calls:
            if is_authz_file(function.module.path):
                continue
            if last_name(part[1]) not in READING or not part[3]:
                continue
            if not any(is_user(value) for _, value in part[3]):
                continue
            held = part[1][1] if part[1][0] == "attr" else part[1]
            if held[0] == "attr" and last_name(held[1]) in declared:
                said = f"The role table {last_name(held[1])} is asked for the requester here."
                yield self.at(function.module, line, function.symbol, said)
