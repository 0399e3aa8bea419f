"""Comments that take a finding away: ``# authz: ignore AM201 -- public catalogue``."""

import re

from .finding import Finding
from .source.modules import Module

FORM = re.compile(
    r"#\s*authz:\s*ignore\s+(?P<rules>AM\d{3}(?:\s*,\s*AM\d{3})*)\s*(?:--\s*(?P<reason>.*))?$",
    re.IGNORECASE,
)
UNCLEAR, UNUSED = "AM002", "AM003"


def suppressed(found: list[Finding], modules: list[Module]) -> tuple[list[Finding], list[Finding]]:
    """Return (findings that stay, findings that a comment took away).

    A comment counts for its own line, and for the next one where it stands alone. One without a
    reason takes nothing away; one that takes nothing away is a finding itself.
    """
    by_path: dict[str, list[Finding]] = {}
    for item in found:
        by_path.setdefault(item.path, []).append(item)
    kept, hidden = list(found), []
    for module in modules:
        for line, text in module.comments:
            gone, said = one(module, line, text, by_path.get(module.path, []))
            hidden += gone
            kept += said
    taken = {id(item) for item in hidden}
    return [item for item in kept if id(item) not in taken], hidden


def one(
    module: Module, line: int, text: str, near: list[Finding]
) -> tuple[list[Finding], list[Finding]]:
    """Return (findings that one comment takes away, findings about the comment)."""
    match = FORM.match(text)
    if match is None:
        return [], [about(UNCLEAR, module, line, "Write: # authz: ignore AM201 -- the reason")]
    if not (match["reason"] or "").strip():
        return [], [about(UNCLEAR, module, line, "A suppression needs a reason after two dashes.")]
    named = {part.strip().upper() for part in match["rules"].split(",")}
    gone = [item for item in near if item.rule in named and item.line in {line, line + 1}]
    unused = sorted(named - {item.rule for item in gone})
    said = [
        about(UNUSED, module, line, f"{rule} is not found here: take the suppression away.")
        for rule in unused
    ]
    return gone, said


def about(rule: str, module: Module, line: int, message: str) -> Finding:
    return Finding(rule, module.path, line, line, "", "warning", 100, message)
