"""AM402: a call names a permission that no role holds."""

from typing import TYPE_CHECKING

from ..authz_files import known_permissions
from ..project.models import last_name
from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..audit import Audit
    from ..finding import Finding

ASKING = {"require", "check", "arequire", "acheck", "filter_queryset", "explain", "who_can"}


class UnknownPermission(Rule):
    """A call names a permission that no role holds.

    What it finds:
        ``require(user, "course.edti", course)``, where no ``Role(…, can={…})`` of the tree names
        ``course.edti``.

    Why it matters:
        A misspelt permission is refused to everybody, or raises only when the view is used.

    What to write:
        Name a permission of a declared role, or declare it.
    """

    id = "AM402"
    title = "A call names a permission that no role holds"
    level = "error"
    confidence = 90
    bad = (
        {
            "app/authz.py": """
from authmigration import Role

TEACHER = Role("teacher", on="course", can={"course.view", "course.edit"})
""",
            "app/views.py": """
from authmigration import require


def edit(request, course):
    require(request.user, "course.edti", course)
""",
        },
    )
    good = (
        {
            "app/authz.py": """
from authmigration import Role

TEACHER = Role("teacher", on="course", can={"course.view", "course.edit"})
""",
            "app/views.py": """
from authmigration import require


def edit(request, course):
    require(request.user, "course.edit", course)
""",
        },
    )

    def findings(self, audit: "Audit") -> "Iterator[Finding]":
        """Yield the calls of authmigration with a permission that is not declared."""
        known = known_permissions(audit)
        if not known:
            return
        for function, part, line in audit.calls:
            if last_name(part[1]) not in ASKING or len(part[2]) < 2:
                continue
            asked = part[2][1]
            ours = audit.index.resolve(function.module, part[1])
            if not str(ours).startswith("authmigration") or asked[0] != "const":
                continue
            if isinstance(asked[1], str) and asked[1] not in known:
                said = f'No role of the tree holds the permission "{asked[1]}".'
                yield self.at(function.module, line, function.symbol, said)
