"""Write the figures of the last runs into the reference: ``python -m benchmarks.record``."""

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.report import FIGURES, ROOT

DOCUMENT = ROOT / "docs" / "reference" / "figures.md"
BEGIN = "<!-- figures: written by python -m benchmarks.record -->"
END = "<!-- end of the figures -->"
HEAD = ("what", "engine", "ours", "peer", "ratio", "limit")
VERDICTS = {True: "kept", False: "**missed**", None: ""}


def main() -> int:
    """Replace what stands between the two marks; return the exit status."""
    files = sorted(FIGURES.glob("*.json"))
    if not files:
        print("There are no figures yet: run `make bench` first.")
        return 1
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    sections = "\n\n".join(sections_of(files))
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{sections}\n\n{END}{after}", encoding="utf-8")
    print(f"{len(files)} runs written into {DOCUMENT.relative_to(ROOT)}")
    return 0


def sections_of(files: list[Path]) -> list[str]:
    """Return a section for each benchmark, its engines in one table."""
    records: dict[str, list[dict[str, Any]]] = {}
    for file in files:
        records.setdefault(file.stem.partition("-")[0], []).append(json.loads(file.read_text()))
    return [section(name, runs) for name, runs in records.items()]


def section(name: str, runs: list[dict[str, Any]]) -> str:
    """Return one benchmark as Markdown."""
    lines = [f"### `{name}`", "", runs[0]["about"], ""]
    lines += [f"- {run['machine']}" for run in runs]
    lines += ["", row(HEAD), row(["---"] * len(HEAD))]
    lines += [row(cells(figure)) for run in runs for figure in run["figures"]]
    return "\n".join(lines)


def cells(figure: dict[str, Any]) -> list[str]:
    """Return the columns of one figure."""
    limit = " ".join(filter(None, (figure["limit"], VERDICTS[figure["kept"]])))
    return [*(figure[name] for name in ("what", "engine", "ours", "peer", "value")), limit]


def row(columns: Any) -> str:
    """Return a line of a table."""
    return f"| {' | '.join(str(column).replace('|', '/') for column in columns)} |"


if __name__ == "__main__":
    sys.exit(main())
