"""Write the pages that are made from the code: ``python -m tools.reference``."""

import sys

from tools.reference import pages
from tools.reference.source import ROOT


def main() -> int:
    """Write what is stale and return the exit status."""
    made = pages.made()
    for path in pages.stale():
        path.parent.mkdir(exist_ok=True)
        path.write_text(made[path], encoding="utf-8")
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
