"""AM108: a check is given an object and decides without it."""

import re
from typing import TYPE_CHECKING

from ..authz_files import declares
from ..flow.answers import blind_answers
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..audit import Audit
    from ..finding import Finding
    from ..project.definitions import Function

NAMES = re.compile(r"^(may|can|is_allowed_to)_")
ASKERS = {"user", "request", "actor", "person", "requester"}


class BlindCheck(Rule):
    """A check is given an object and decides without it.

    What it finds:
        A function that asks whether a user may do something with an object, and that says yes to
        some for a reason that the object has no part in. Superusers are left out.

    Why it matters:
        Whoever fulfils that reason may do it with every object: a teacher of any course edits all.

    What to write:
        Compare the object with the user in every reason, or declare a role on its context.
    """

    id = "AM108"
    title = "A check is given an object and decides without it"
    confidence = 80
    bad = (
        """
def may_edit(user, course):
    if user.is_superuser:
        return True
    return Staff.objects.filter(person=user, position="principal").exists()
""",
    )
    good = (
        """
def may_edit(user, course):
    if user.is_superuser:
        return True
    return course.school.staff.filter(person=user, position="principal").exists()
""",
    )

    def findings(self, audit: "Audit") -> "Iterator[Finding]":
        """Yield the checks one of whose reasons ignores the object."""
        for function in audit.all_functions():
            if is_check(function) and blind_answers(audit.interpreter, function):
                given = function.parameters[1][0]
                said = f"{function.name} says yes for a reason that {given} has no part in."
                yield self.at(function.module, function.line, function.symbol, said)


def is_check(function: "Function") -> bool:
    """Tell whether a function is a check of a user and an object."""
    names = [name for name, _, _ in function.parameters]
    named = NAMES.match(function.name) or declares(function, "check")
    return bool(named) and len(names) > 1 and names[0] in ASKERS
