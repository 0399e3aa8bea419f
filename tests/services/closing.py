"""The closing lines of a run: what did not run for want of a server, and how to have it run."""

from collections import Counter
from types import ModuleType
from typing import Any

import pytest

WANTED = "wanted "


def reason_to_skip(server: ModuleType) -> str:
    """Return why a test is skipped, naming the server and the mend."""
    return f"{WANTED}{server.NAME} ({server.HOW})"


def not_run(reports: list[pytest.TestReport]) -> Counter[str]:
    """Count the skipped tests by the server that they wanted."""
    # A skipped report holds path, line and "Skipped: " with the reason.
    reasons: list[Any] = [report.longrepr[2] for report in reports if report.longrepr]  # type: ignore[index]
    texts = [reason.removeprefix("Skipped: ") for reason in reasons]
    return Counter(text for text in texts if text.startswith(WANTED))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name them where the last lines are read."""
    counts = not_run(terminalreporter.stats.get("skipped", []))
    for text, number in sorted(counts.items()):
        noun = "test" if number == 1 else "tests"
        terminalreporter.write_line(f"not run: {number} {noun} {text}")
