"""AM104: access is decided by a role in the session."""

from typing import TYPE_CHECKING

from ..roles import session_roles_in
from ..rule import ExpressionRule

if TYPE_CHECKING:
    from ..audit import Audit
    from ..project.definitions import Function
    from ..source.expressions import Node


class SessionRole(ExpressionRule):
    """Access is decided by a role in the session.

    What it finds:
        A condition that reads a role out of the session.

    Why it matters:
        The session keeps a role that was taken away until it ends, and it knows no context.

    What to write:
        Declare the role in ``authz.py`` and ask ``require(user, permission, course)``.
    """

    id = "AM104"
    title = "Access is decided by a role in the session"
    confidence = 70
    bad = (
        """
def edit(request, course):
    if request.session["role"] != "teacher":
        raise PermissionDenied
""",
    )
    good = (
        """
def edit(request, course):
    if request.session.get("seen_tour"):
        return None
""",
    )

    def matches(self, audit: "Audit", function: "Function", node: "Node") -> str:
        """Return the message if the condition is such a check."""
        names = session_roles_in(node)
        return f'Access is decided by "{names[0]}" of the session.' if names else ""
