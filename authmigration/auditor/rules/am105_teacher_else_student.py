"""AM105: one role or else another, whatever the context."""

from typing import TYPE_CHECKING

from ..roles import flags_in
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..audit import Audit
    from ..finding import Finding
    from ..source.expressions import Node


class TeacherElseStudent(Rule):
    """One role or else another is chosen, whatever the context.

    What it finds:
        A role that is chosen by a flag of the user: teacher if the flag is set, else student.

    Why it matters:
        Who teaches one course and learns on another is a teacher everywhere; who is neither counts
        as a student.

    What to write:
        Ask for the role in the context: ``is_authorized(user, "course", course.pk, "teacher")``.
    """

    id = "AM105"
    title = "One role or else another is chosen, whatever the context"
    confidence = 70
    bad = (
        """
def page(request, course):
    role = "teacher" if request.user.is_teacher else "student"
    return render(request, f"{role}.html", {"course": course})
""",
    )
    good = (
        """
def page(request, course):
    role = "teacher" if is_authorized(request.user, "course", course.pk, "teacher") else "student"
    return render(request, f"{role}.html", {"course": course})
""",
    )

    def findings(self, audit: "Audit") -> "Iterator[Finding]":
        """Yield the choices between two literal roles by a flag."""
        for function, part, line in audit.of_kind["cond"]:
            if literal(part[2]) and literal(part[3]) and flags_in(part[1]):
                said = f"{part[2][1]} or else {part[3][1]} is chosen by a flag without a context."
                yield self.at(function.module, line, function.symbol, said)


def literal(node: "Node") -> bool:
    """Tell whether an expression is a text."""
    return node[0] == "const" and isinstance(node[1], str) and bool(node[1])
