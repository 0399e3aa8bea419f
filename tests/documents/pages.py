"""The project's documents, and the Python blocks inside them that are run."""

import doctest
import re
from collections.abc import Iterable
from pathlib import Path

from sybil import Document, Region
from sybil.parsers.markdown import PythonCodeBlockParser

from tools import check_docs

ROOT = check_docs.ROOT
COMMITS = "<!-- commits -->"
NOT_RUN = re.compile(r"<!-- not run:(?P<reason>[^>]*)-->\s*\Z")
BLOCK = re.compile(r"^[ \t>]*```python\b", re.MULTILINE)

_parse = PythonCodeBlockParser(doctest_optionflags=doctest.ELLIPSIS)


def pages() -> list[Path]:
    """Return the documents that hold Python blocks."""
    return [page for page in check_docs.documents() if BLOCK.search(page.read_text("utf-8"))]


def shown(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def commits(page: Path) -> bool:
    """Tell whether the blocks of a page commit, and so want a database that is emptied."""
    return COMMITS in page.read_text("utf-8")


def document(page: Path, **names: object) -> Document:
    """Return a page whose Python blocks share one namespace; those marked "not run" are left out.

    A block that begins with ``>>>`` is a doctest: its output is compared. A block inside
    ``<!-- invisible-code-block: python ... -->`` is run and not shown.
    """
    parsed = Document.parse(str(page), runnable_blocks)
    parsed.namespace |= {"__name__": "page", **names}
    return parsed


def runnable_blocks(page: Document) -> Iterable[Region]:
    return (region for region in _parse(page) if reason_not_to_run(page, region) is None)


def blocks_not_run(page: Path) -> list[str]:
    """Return the reason of each block that is not run."""
    parsed = Document.parse(str(page), _parse)
    reasons = (reason_not_to_run(parsed, example.region) for example in parsed)
    return [reason for reason in reasons if reason is not None]


def reason_not_to_run(page: Document, region: Region) -> str | None:
    """Return what the marker above a block says; None where there is none."""
    # A doctest of several prompts is several regions; the marker stands above the first.
    fences = (match.start() for match in BLOCK.finditer(page.text))
    fence = max((start for start in fences if start <= region.start), default=0)
    found = NOT_RUN.search(page.text, 0, fence)
    inside = "```\n" not in page.text[fence : region.start]  # else the block ends before
    return found["reason"].strip() if found and inside else None
