"""How Sphinx builds the documents: ``make docs``. The sources are the whole project's Markdown.

The project's root is the source folder, so that a relative link leads to the same file here and on
a forge.
"""

import re
import tomllib
from pathlib import Path

from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parent.parent
INDEX = "docs/index"

project = "authmigration"
author = "The authmigration authors"
copyright = author  # noqa: A001 -- Sphinx's name
release = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

extensions = ["myst_parser"]
root_doc = INDEX
include_patterns = ["*.md", "docs/**.md", "monolith/**.md", "services/**.md", "clients/**.md"]
exclude_patterns = [".*", "node_modules", "**/node_modules", "var"]
nitpicky = True
smartquotes = False  # what is quoted is often code

myst_enable_extensions = []
myst_heading_anchors = 6  # as a forge has them
myst_links_external_new_tab = False

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["pages.css"]
html_title = f"authmigration {release}"
html_copy_source = False
html_show_sphinx = False
html_permalinks_icon = "#"
pygments_style = "default"


def setup(app: Sphinx) -> None:
    """Order the pages as the index lists them."""
    app.connect("source-read", add_trees)


def add_trees(_app: Sphinx, name: str, source: list[str]) -> None:
    """Make a hidden tree of each heading of the index and the pages linked below it."""
    if name != INDEX:
        return
    start, *sections = re.split(r"^## +(.+)$", source[0], flags=re.MULTILINE)
    trees = [tree("", start)]
    trees += [tree(*pair) for pair in zip(sections[::2], sections[1::2], strict=True)]
    source[0] += "\n" + "\n".join(trees)


def tree(caption: str, text: str) -> str:
    """Return the directive that Sphinx reads, for the pages to which a text links."""
    pages = [page.removesuffix(".md") for page in re.findall(r"\]\(([^)#:]+\.md)\)", text)]
    entries = [f"/{(Path(INDEX).parent / page).as_posix()}" for page in pages]
    cleaned = [resolved(entry) for entry in entries]
    head = [f":caption: {caption}"] if caption else []
    return "\n".join(["```{toctree}", ":hidden:", *head, "", *cleaned, "```", ""])


def resolved(entry: str) -> str:
    """Return ``/docs/../README`` as ``/README``."""
    path = (ROOT / entry.lstrip("/")).resolve()
    return f"/{path.relative_to(ROOT).as_posix()}"
