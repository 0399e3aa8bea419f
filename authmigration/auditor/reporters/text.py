"""Findings with the lines of the source, for a terminal."""

from functools import lru_cache
from pathlib import Path

from ..engine import Report
from ..finding import Finding


def text(report: Report) -> str:
    """Return the findings, each with its lines and its chain, and a closing line."""
    all_lines.cache_clear()  # another report of this process may have read other files by the name
    parts = [shown(item) for item in report.findings]
    count = len(report.findings)
    said = f"{count} finding{'' if count == 1 else 's'}"
    hidden = f", {len(report.suppressed)} suppressed" if report.suppressed else ""
    fixed = f", {len(report.fixed)} of the baseline fixed" if report.fixed else ""
    asked = f"; {report.routes} routes from the URL resolver" if report.routes else ""
    parts.append(f"{said}{hidden}{fixed} in {report.files} files ({report.lines} lines){asked}")
    return "\n".join(parts)


def shown(item: Finding) -> str:
    """Return one finding: place, message, source line, chain."""
    head = f"{item.path}:{item.line}: {item.rule} {item.level} ({item.confidence}%) {item.message}"
    lines = [head]
    if source := source_line(item.path, item.line):
        lines.append(f"    {item.line:>5} | {source}")
    lines += [f"        {step.path}:{step.line}: {step.text}" for step in item.evidence]
    return "\n".join([*lines, ""])


def source_line(path: str, line: int) -> str:
    """Return one line of a file, "" where it cannot be read."""
    lines = all_lines(path)
    return lines[line - 1].rstrip() if 0 < line <= len(lines) else ""


@lru_cache(maxsize=64)
def all_lines(path: str) -> tuple[str, ...]:
    try:
        return tuple(Path(path).read_text(encoding="utf-8", errors="replace").splitlines())
    except OSError:
        return ()
