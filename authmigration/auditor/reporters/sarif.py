"""Findings as SARIF 2.1.0, which code hosts show beside the lines of a change.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

import hashlib
import json
from typing import Any

from ..engine import Report
from ..finding import Finding, Step
from ..rules import rules

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(report: Report) -> str:
    """Return the report as one SARIF log with one run."""
    driver = {"name": "authz-audit", "rules": [described(rule_id) for rule_id in rules()]}
    results = [result(item) for item in report.findings]
    run = {"tool": {"driver": driver}, "results": results, "columnKind": "unicodeCodePoints"}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def described(rule_id: str) -> dict[str, Any]:
    rule = rules()[rule_id]
    return {
        "id": rule_id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.told()},
        "defaultConfiguration": {"level": rule.level},
    }


def result(item: Finding) -> dict[str, Any]:
    """Return one finding; its fingerprint stays when lines move."""
    mark = hashlib.sha256(f"{item.rule}:{item.path}:{item.symbol}".encode()).hexdigest()
    found: dict[str, Any] = {
        "ruleId": item.rule,
        "level": item.level,
        "message": {"text": item.message},
        "locations": [place(item.path, item.line, item.end_line)],
        "partialFingerprints": {"ruleAndSymbol/v1": mark},
        "rank": float(item.confidence),
    }
    if item.evidence:
        steps = [{"location": told(step)} for step in item.evidence]
        found["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
    return found


def place(path: str, line: int, end: int) -> dict[str, Any]:
    region = {"startLine": max(1, line), "endLine": max(1, end)}
    return {"physicalLocation": {"artifactLocation": {"uri": path}, "region": region}}


def told(step: Step) -> dict[str, Any]:
    return {**place(step.path, step.line, step.line), "message": {"text": step.text}}
