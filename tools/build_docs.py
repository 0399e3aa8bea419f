"""Build the documents as pages: ``python -m tools.build_docs``. A warning is an error."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "var" / "docs"
INDEX = PAGES / "docs" / "index.html"

# Everything is read anew: what was read before would not warn again.
STRICT = ("--fail-on-warning", "--keep-going", "--nitpicky", "--fresh-env", "--quiet")


def build(root: Path = ROOT, pages: Path = PAGES) -> int:
    """Build the pages and return the exit status."""
    folders = ("-c", str(root / "docs"), "-d", str(pages.parent / "docs-read"))
    command = [sys.executable, "-m", "sphinx", "-b", "html", *STRICT, *folders, str(root)]
    return subprocess.run([*command, str(pages)], check=False).returncode


def main() -> int:
    """Build the pages, say where they are and return the exit status."""
    status = build()
    if not status:
        print(INDEX)
    return status


if __name__ == "__main__":
    sys.exit(main())
