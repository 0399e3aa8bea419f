"""Audit the labelled corpus and write the table of the documents: ``make audit-corpus``.

The labels stand in ``tools/corpus/``. The code that they speak of is downloaded from PyPI by its
hashes into ``var/corpus`` and never enters the repository.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from authmigration.auditor.configuration import Configuration
from authmigration.auditor.engine import run

from . import corpus_download

ROOT = Path(__file__).resolve().parent.parent
LABELS = ROOT / "tools" / "corpus" / "entries.json"
TABLE = ROOT / "docs" / "reference" / "auditor-figures.md"

# Projects whose results changed no rule while the auditor was written: what the others taught is
# judged here.
HELD_OUT = {
    "django-notifications-hq",
    "django-oauth-toolkit",
    "django-organizations",
    "pinax-messages",
    "Postorius",
    "Weblate",
}

Entry = dict[str, Any]


@dataclass
class Score:
    """How many vulnerable entries were found, benign ones reported, and pairs told apart."""

    found: int = 0
    vulnerable: int = 0
    alarms: int = 0
    benign: int = 0
    told: int = 0
    pairs: int = 0
    missed: list[Entry] = field(default_factory=list)

    @property
    def row(self) -> str:
        """The score as cells of a table."""
        cells = ((self.found, self.vulnerable), (self.alarms, self.benign), (self.told, self.pairs))
        return " | ".join(f"{a}/{b} = {a / b:.2f}" if b else "none" for a, b in cells)


def main(arguments: list[str]) -> int:
    """Download, audit, score and write the table; 1 if a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "corpus")
    parser.add_argument("--labels", type=Path, default=LABELS)
    parser.add_argument("--no-download", action="store_true")
    parser.add_argument("-v", "--verbose", action="store_true", help="name what is wrong")
    options = parser.parse_args(arguments)
    entries = json.loads(options.labels.read_text(encoding="utf-8"))
    if not options.no_download:
        corpus_download.download(entries, options.folder)
    present = [e for e in entries if (options.folder / e["snapshot"] / e["path"]).exists()]
    lines = {name: audited(options.folder, name) for name in snapshots(present)}
    hits = {entry["id"]: hit(entry, lines) for entry in present}
    if options.verbose:
        wrong(present, hits)
    shown = page(entries, present, hits)
    if options.labels == LABELS:
        TABLE.write_text(shown, encoding="utf-8")
    print(shown)
    return 0 if holds(scored(present, hits)) else 1


def snapshots(entries: Iterable[Entry]) -> list[str]:
    """Return the names of the releases, each once."""
    return sorted({entry["snapshot"] for entry in entries})


def audited(folder: Path, name: str) -> dict[str, set[int]]:
    """Return the lines of the findings of one release, by file."""
    found: dict[str, set[int]] = defaultdict(set)
    root = folder / name
    print(f"auditing {name}", file=sys.stderr)
    for item in run([root], Configuration()).findings:
        path = Path(item.path).resolve().relative_to(root.resolve())
        found[path.as_posix()].add(item.line)
    return found


def hit(entry: Entry, lines: dict[str, dict[str, set[int]]]) -> bool:
    """Tell whether a finding lies inside the lines of an entry."""
    first, last = entry["lines"]
    there = lines[entry["snapshot"]].get(entry["path"], set())
    return any(first <= line <= last for line in there)


def scored(entries: Iterable[Entry], hits: dict[str, bool]) -> Score:
    """Count one group of entries; uncertain ones count nowhere."""
    score = Score()
    pairs: dict[str, dict[str, bool]] = defaultdict(dict)
    for entry in entries:
        reported = hits[entry["id"]]
        if entry.get("pair"):
            pairs[entry["pair"]][entry["pair_side"]] = reported
        if entry["label"] == "vulnerable":
            score.vulnerable += 1
            score.found += reported
        elif entry["label"] == "benign":
            score.benign += 1
            score.alarms += reported
    whole = [pair for pair in pairs.values() if {"before", "after"} <= set(pair)]
    score.pairs = len(whole)
    score.told = sum(pair["before"] and not pair["after"] for pair in whole)
    return score


def holds(score: Score) -> bool:
    """Tell whether recall, false alarms and pairs are as promised: 0.80, 0.10 and 0.65."""
    recall = score.found >= 0.80 * score.vulnerable
    quiet = score.alarms <= 0.10 * score.benign
    return recall and quiet and score.told >= 0.65 * score.pairs


def page(entries: list[Entry], present: list[Entry], hits: dict[str, bool]) -> str:
    """Return the page of the documents."""
    kept = [entry for entry in present if entry["project"] in HELD_OUT]
    used = [entry for entry in present if entry["project"] not in HELD_OUT]
    head = "| entries | vulnerable found | benign reported | pairs told apart |\n|---|---|---|---|"
    rows = [
        f"| all {len(present)} | {scored(present, hits).row} |",
        f"| of projects used while writing the rules | {scored(used, hits).row} |",
        f"| of projects held out | {scored(kept, hits).row} |",
    ]
    parts = [INTRODUCTION, head + "\n" + "\n".join(rows)]
    parts += [by("Shape", "kind", "vulnerable", present, hits)]
    parts += [by("What reading it takes", "static_feasibility", "vulnerable", present, hits)]
    parts += [by("Idiom that makes it safe", "idiom_family", "benign", present, hits)]
    if len(present) < len(entries):
        parts.append(f"{len(entries) - len(present)} entries could not be downloaded.")
    return "\n\n".join(parts) + "\n"


INTRODUCTION = """# What the auditor finds in published code

Made by `make audit-corpus`. The labels speak of functions of published packages: vulnerable ones by
advisory or by reading, safe ones that look alike, and pairs of the same function before and after
its mend. A pair is told apart where the one is reported and the other is not. Held out are the
projects whose results changed no rule while they were written."""


def by(title: str, key: str, label: str, entries: list[Entry], hits: dict[str, bool]) -> str:
    """Return a table of one kind of entries by one of their properties."""
    group: Callable[[Entry], str] = lambda entry: str(entry.get(key) or "not said")  # noqa: E731
    chosen = [entry for entry in entries if entry["label"] == label]
    total = Counter(group(entry) for entry in chosen)
    reported = Counter(group(entry) for entry in chosen if hits[entry["id"]])
    said = "found" if label == "vulnerable" else "reported"
    rows = [f"| {name} | {reported[name]}/{count} |" for name, count in total.most_common()]
    return f"| {title} | {said} |\n|---|---|\n" + "\n".join(rows)


def wrong(entries: list[Entry], hits: dict[str, bool]) -> None:
    """Name what was missed and what was reported falsely."""
    for entry in entries:
        if entry["label"] in {"vulnerable", "benign"}:
            reported = hits[entry["id"]]
            if reported is not (entry["label"] == "vulnerable"):
                place = f"{entry['snapshot']}/{entry['path']}:{entry['lines'][0]}"
                print(f"wrong: {entry['label']} {place} {entry['symbol']}", file=sys.stderr)


if __name__ == "__main__":
    sys.setrecursionlimit(8000)
    sys.exit(main(sys.argv[1:]))
