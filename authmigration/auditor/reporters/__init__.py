"""Findings as text, JSON, SARIF and annotations of GitHub."""

from collections.abc import Callable

from ..engine import Report
from .github import github
from .json import json_text
from .sarif import sarif
from .text import text

REPORTERS: dict[str, Callable[[Report], str]] = {
    "text": text,
    "json": json_text,
    "sarif": sarif,
    "github": github,
}
