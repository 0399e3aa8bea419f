"""AM109: a declared list gives all rows to more than superusers."""

from typing import TYPE_CHECKING

from ..authz_files import declares
from ..flow.answers import open_lists
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..audit import Audit
    from ..finding import Finding

MODELS = """
from django.db import models


class Grade(models.Model):
    student = models.ForeignKey("auth.User", on_delete=models.CASCADE)
"""


class OpenList(Rule):
    """A declared list gives all rows to more than superusers.

    What it finds:
        A function under ``@legacy.list`` that returns a whole table to holders of a global role, or
        to everybody.

    Why it matters:
        The list is what the old code shows; whoever holds the role anywhere sees all rows.

    What to write:
        Limit the rows to the contexts in which the user holds the role.
    """

    id = "AM109"
    title = "A declared list gives all rows to more than superusers"
    confidence = 80
    bad = (
        {
            "app/models.py": MODELS,
            "app/authz.py": """
from authmigration import legacy

from .models import Grade


@legacy.list("grade.view")
def grades_to_view(user):
    return Grade.objects.all()
""",
        },
    )
    good = (
        {
            "app/models.py": MODELS,
            "app/authz.py": """
from authmigration import legacy

from .models import Grade


@legacy.list("grade.view")
def grades_to_view(user):
    if user.is_superuser:
        return Grade.objects.all()
    return Grade.objects.filter(student=user)
""",
        },
    )

    def findings(self, audit: "Audit") -> "Iterator[Finding]":
        """Yield the declared lists without a limit."""
        for function in audit.index.functions:
            if declares(function, "list") and open_lists(audit.interpreter, function):
                said = f"{function.name} returns all rows to more than superusers."
                yield self.at(function.module, function.line, function.symbol, said)
