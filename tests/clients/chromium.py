"""Chromium: CHROMIUM, else a program of the system."""

import os
import shutil

NAME = "Chromium"
HOW = "set CHROMIUM to its program, or install it, as in: apt install chromium"


def program() -> str | None:
    """Return the program to start."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium")


def available() -> bool:
    """Tell whether there is one."""
    return program() is not None
