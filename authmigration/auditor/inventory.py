"""How far a conversion is: which endpoints ask the decision point, which still ask legacy."""

import re
from collections import Counter, defaultdict
from pathlib import Path

from .audit import Audit
from .authz_files import legacy_models
from .configuration import Configuration
from .project.definitions import Class, Function
from .project.models import last_name
from .roles import flags_in, group_names_in, parts, role_columns_in
from .source.modules import Module

ASKS = {
    *("require", "check", "arequire", "acheck", "filter_queryset", "is_authorized", "requires"),
    *("AuthzPermission", "AuthzQuerysetMixin", "RequiresMixin", "FilteredQuerysetMixin"),
}
STATES = ("converted", "legacy roles", "unguarded")


def text(modules: list[Module], configuration: Configuration) -> str:
    """Return a table of endpoints per app and owner, and what no longer has a counterpart."""
    audit = Audit(modules, configuration)
    owners = codeowners(Path.cwd())
    rows: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for view in audit.routes.by_view:
        path = view.module.path
        rows[path.rpartition("/")[0] or ".", owner_of(path, owners)][state(audit, view)] += 1
    lines = [f"{'app':<40} {'owner':<20} " + " ".join(f"{name:>12}" for name in STATES)]
    for (app, owner), counts in sorted(rows.items()):
        numbers = " ".join(f"{counts[name]:>12}" for name in STATES)
        lines.append(f"{app:<40} {owner:<20} {numbers}")
    total: Counter[str] = sum(rows.values(), Counter())
    lines.append(f"{'all':<61} " + " ".join(f"{total[name]:>12}" for name in STATES))
    if total["legacy roles"]:
        lines.append(NATIVE.format(count=total["legacy roles"]))
    return "\n".join(lines)


NATIVE = """A role that only the new world knows is not seen
by the {count} endpoints that read legacy roles."""


def state(audit: Audit, view: Function | Class) -> str:
    """Return whether an endpoint is converted, reads legacy roles, or asks nothing."""
    body = view.node
    names = {last_name(part[1]) for part in parts(body) if part[0] == "call"}
    if isinstance(view, Class):
        names |= {last_name(base) for base in view.bases}
    decorators = {last_name(node) for node in view.node[3]}
    if (names | decorators | words(view)) & ASKS:
        return "converted"
    read = legacy_models(audit) & {p[2] for p in parts(body) if p[0] == "attr"}
    if read or flags_in(body) or group_names_in(body) or role_columns_in(body):
        return "legacy roles"
    return "legacy roles" if "user" in words(view) else "unguarded"


def words(view: Function | Class) -> set[str]:
    """Return the names in the source of a view."""
    return set(re.findall(r"'(\w+)'", repr(view.node)))


def codeowners(root: Path) -> list[tuple[str, str]]:
    """Return (pattern, owners) of the lines of CODEOWNERS, first line first."""
    for place in ("CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS"):
        file = root / place
        if file.is_file():
            lines = (line.split("#")[0].split() for line in file.read_text().splitlines())
            return [(words[0], " ".join(words[1:])) for words in lines if len(words) > 1]
    return []


def owner_of(path: str, owners: list[tuple[str, str]]) -> str:
    """Return the owners of a path: the last pattern that matches counts."""
    found = ""
    for pattern, who in owners:
        plain = pattern.strip("/").removesuffix("/*").removesuffix("/**")
        if (
            pattern == "*"
            or path == plain
            or path.startswith(f"{plain}/")
            or (pattern.startswith("*.") and path.endswith(pattern[1:]))
        ):
            found = who
    return found
