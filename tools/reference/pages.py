"""Which page is made from what."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from tools import doc_commands
from tools.reference import (
    api_page,
    checks_page,
    commands_page,
    database_page,
    errors_page,
    openapi_page,
    rules_page,
    settings_page,
    source,
)
from tools.reference.source import ROOT

FOLDER = ROOT / "docs" / "reference"
PAGES: dict[Path, Callable[[], str]] = {
    **{FOLDER / f"{name}.md": partial(api_page.text, name) for name in source.PACKAGES},
    FOLDER / "checks.md": checks_page.text,
    FOLDER / "commands.md": commands_page.text,
    FOLDER / "database.md": database_page.text,
    FOLDER / "errors.md": errors_page.text,
    FOLDER / "auditor-rules.md": rules_page.text,
    FOLDER / "settings.md": settings_page.text,
    FOLDER / "tokens-openapi.yaml": openapi_page.text,
}
MEND = "run .venv/bin/python -m tools.reference"


def made() -> dict[Path, str]:
    """Return each page as the code has it now."""
    doc_commands.set_up()
    return {path: text().strip("\n") + "\n" for path, text in PAGES.items()}


def stale() -> list[Path]:
    """Return the pages that say something else than the code."""
    return [
        path
        for path, text in made().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
