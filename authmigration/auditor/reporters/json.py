"""Findings as JSON: {"findings": [...], "summary": {...}}."""

import json
from collections import Counter
from typing import Any

from ..engine import Report
from ..finding import Finding


def json_text(report: Report) -> str:
    """Return the report as one JSON object."""
    return json.dumps(content(report), indent=2, ensure_ascii=False)


def content(report: Report) -> dict[str, Any]:
    """Return the report as plain values."""
    rules = Counter(item.rule for item in report.findings)
    levels = Counter(item.level for item in report.findings)
    return {
        "findings": [plain(item) for item in report.findings],
        "summary": {
            "findings": len(report.findings),
            "suppressed": len(report.suppressed),
            "fixed": [plain_key(key) for key in report.fixed],
            "files": report.files,
            "lines": report.lines,
            "from_cache": report.from_cache,
            "routes": report.routes,
            "by_rule": dict(sorted(rules.items())),
            "by_level": dict(sorted(levels.items())),
        },
    }


def plain(item: Finding) -> dict[str, Any]:
    """Return one finding as plain values."""
    steps = [{"path": s.path, "line": s.line, "text": s.text} for s in item.evidence]
    names = ("rule", "path", "line", "end_line", "symbol", "level", "confidence", "message")
    return {**{name: getattr(item, name) for name in names}, "evidence": steps}


def plain_key(key: tuple[str, str, str]) -> dict[str, str]:
    return dict(zip(("rule", "path", "symbol"), key, strict=True))
