"""Findings that are known: a file of them, so that only new ones fail."""

import json
from collections import Counter
from pathlib import Path

from .engine import Report
from .finding import Finding

Key = tuple[str, str, str]


class BaselineError(ValueError):
    """A baseline that cannot be read; the message names the file and the mend."""


def key(item: Finding) -> Key:
    """Return what a finding is known by: lines move, rule, file and symbol stay."""
    return item.rule, item.path, item.symbol


def write(path: Path, findings: list[Finding]) -> None:
    """Write the findings as the new baseline."""
    counted = Counter(key(item) for item in findings)
    rows = [
        {"rule": rule, "path": file, "symbol": symbol, "count": count}
        for (rule, file, symbol), count in sorted(counted.items())
    ]
    path.write_text(json.dumps({"version": 1, "findings": rows}, indent=1) + "\n")


def compared(report: Report, path: Path) -> None:
    """Leave only what the baseline does not hold in the report, and note what got fixed.

    Raises BaselineError where the file is no baseline.
    """
    known = read(path)
    left = Counter(known)
    new = []
    for item in report.findings:
        if left[key(item)] > 0:
            left[key(item)] -= 1
        else:
            new.append(item)
    report.findings = new
    report.fixed = sorted((left & known).elements())


def read(path: Path) -> Counter[Key]:
    """Return how often each known finding stands in the baseline."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["findings"]
        return Counter({(r["rule"], r["path"], r["symbol"]): int(r["count"]) for r in rows})
    except (ValueError, KeyError, TypeError) as error:
        raise BaselineError(
            f"{path} is no baseline of authz-audit; delete it, and the next run writes it anew"
        ) from error
