"""What a running Django knows better than its source: handed in by ``manage.py authz_audit``."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Facts:
    """Routes as the URL resolver has them: dotted view → names of the URL's parts.

    ``app.views.invoice`` → ``{"pk"}``. Empty where the source alone was read.
    """

    routes: dict[str, frozenset[str]] = field(default_factory=dict)
