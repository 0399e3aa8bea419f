"""AM103: access is decided by the name of a group."""

from typing import TYPE_CHECKING

from ..roles import group_names_in
from ..rule import ExpressionRule

if TYPE_CHECKING:
    from ..audit import Audit
    from ..project.definitions import Function
    from ..source.expressions import Node


class GroupName(ExpressionRule):
    """Access is decided by the name of a group.

    What it finds:
        A condition that asks whether the requester is in a group of a literal name.

    Why it matters:
        The role holds everywhere or nowhere. It cannot say in which course somebody may act, and no
        token can carry its meaning.

    What to write:
        Declare the role in ``authz.py`` and ask ``require(user, permission, course)``.
    """

    id = "AM103"
    title = "Access is decided by the name of a group"
    confidence = 70
    bad = (
        """
def edit(request, course):
    if not request.user.groups.filter(name="teachers").exists():
        raise PermissionDenied
""",
    )
    good = (
        """
def edit(request, course):
    if not course.groups.filter(members=request.user).exists():
        raise PermissionDenied
""",
    )

    def matches(self, audit: "Audit", function: "Function", node: "Node") -> str:
        """Return the message if the condition is such a check."""
        names = group_names_in(node)
        return (
            f'Access is decided by the group "{names[0]}", which knows no context.' if names else ""
        )
