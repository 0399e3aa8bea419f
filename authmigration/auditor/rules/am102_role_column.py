"""AM102: access is decided by a role column."""

from typing import TYPE_CHECKING

from ..roles import role_columns_in
from ..rule import ExpressionRule

if TYPE_CHECKING:
    from ..audit import Audit
    from ..project.definitions import Function
    from ..source.expressions import Node


class RoleColumn(ExpressionRule):
    """Access is decided by a role column.

    What it finds:
        A condition that compares a column of roles of the requester with a literal.

    Why it matters:
        The role holds everywhere or nowhere. It cannot say in which course somebody may act, and no
        token can carry its meaning.

    What to write:
        Declare the role in ``authz.py`` and ask ``require(user, permission, course)``.
    """

    id = "AM102"
    title = "Access is decided by a role column"
    confidence = 60
    bad = (
        """
def edit(request, course):
    if request.user.role == "teacher":
        course.save()
""",
    )
    good = (
        """
def edit(request, course):
    if request.user.language == "de":
        course.save()
""",
    )

    def matches(self, audit: "Audit", function: "Function", node: "Node") -> str:
        """Return the message if the condition is such a check."""
        names = role_columns_in(node, audit.configuration.role_fields)
        return (
            f"Access is decided by the column {names[0]}, which knows no context." if names else ""
        )
