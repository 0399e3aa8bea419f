"""AM107: a template asks for a role without a context."""

import re
from typing import TYPE_CHECKING

from ..rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..audit import Audit
    from ..finding import Finding

ROLE = re.compile(
    r"\b(?:request\.)?user(?:\.profile)?\.(?:is_(?:\w+_)?(?:teacher|student|staff|admin|manager|tutor"
    r"|instructor|moderator|superuser|bursar|principal|parent)\b|role\b|user_type\b)"
)


class TemplateRole(Rule):
    """A template asks for a role without a context.

    What it finds:
        ``{% if user.is_teacher %}`` and its like in a template.

    Why it matters:
        What is shown differs from what is allowed, and the role knows no context.

    What to write:
        Ask in the view, or with the tags of ``authmigration``: ``{% may "course.edit" course %}``.
    """

    id = "AM107"
    title = "A template asks for a role without a context"
    confidence = 70
    level = "note"
    bad = ({"templates/course.html": "<p>\n{% if user.is_teacher %}Edit{% endif %}\n</p>\n"},)
    good = ({"templates/course.html": "{% if user.is_authenticated %}Log out{% endif %}\n"},)

    def findings(self, audit: "Audit") -> "Iterator[Finding]":
        """Yield the conditions of templates that read a role of the user."""
        for module in audit.templates:
            for line, test in module.body:
                if match := ROLE.search(test):
                    yield self.at(module, line, "", f"A template asks for {match[0]}.")
