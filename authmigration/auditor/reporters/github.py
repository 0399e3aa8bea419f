"""Findings as annotations of a GitHub workflow.

Source: GitHub, Workflow commands for GitHub Actions: ``::error file=…,line=…,title=…::message``.
"""

from ..engine import Report
from ..finding import Finding

KINDS = {"error": "error", "warning": "warning", "note": "notice"}


def github(report: Report) -> str:
    """Return one workflow command for each finding."""
    return "\n".join(command(item) for item in report.findings)


def command(item: Finding) -> str:
    kind = KINDS[item.level]
    place = f"file={escaped(item.path, ':,')},line={item.line},endLine={item.end_line}"
    return f"::{kind} {place},title={item.rule}::{escaped(item.message, '')}"


def escaped(text: str, more: str) -> str:
    """Escape what would end a value: percent signs, line ends and, in a property, : and ,."""
    for sign in ("%", "\r", "\n", *more):
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text
