"""A real Chromium, driven by Playwright: CHROMIUM, else the one of the system."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

NAME = "Chromium with Playwright"
HOW = "apt install chromium; pip install playwright; or set CHROMIUM to the program"
# It runs as root in containers, and asks nobody on the net anything.
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


def program() -> str | None:
    """Return the path of the browser."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def available() -> bool:
    """Tell whether tests can have one."""
    return bool(program() and find_spec("playwright"))


@contextmanager
def started() -> Iterator[Any]:
    """Start a browser without a window; each of its contexts is a person at another machine."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
