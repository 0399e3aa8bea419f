"""AM101: access is decided by a global flag of the user."""

from typing import TYPE_CHECKING

from ..roles import flags_in
from ..rule import ExpressionRule

if TYPE_CHECKING:
    from ..audit import Audit
    from ..project.definitions import Function
    from ..source.expressions import Node


class GlobalFlag(ExpressionRule):
    """Access is decided by a global flag of the user.

    What it finds:
        A condition that reads a flag of the requester: ``is_teacher``, ``is_staff``.

    Why it matters:
        The role holds everywhere or nowhere. It cannot say in which course somebody may act, and no
        token can carry its meaning.

    What to write:
        Declare the role in ``authz.py`` and ask ``require(user, permission, course)``.
    """

    id = "AM101"
    title = "Access is decided by a global flag of the user"
    confidence = 60
    bad = (
        """
def edit(request, course):
    if not request.user.is_teacher:
        raise PermissionDenied
""",
    )
    good = (
        """
def edit(request, course):
    if request.user.is_anonymous or not request.user.is_active:
        raise PermissionDenied
    require(request.user, "course.edit", course)
""",
    )

    def matches(self, audit: "Audit", function: "Function", node: "Node") -> str:
        """Return the message if the condition is such a check."""
        names = flags_in(node)
        return f"Access is decided by the flag {names[0]}, which knows no context." if names else ""
