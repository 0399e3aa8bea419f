"""What the demo prints: headings, bars, promises and the closing table."""

import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

WIDTH = 100
BAR = 30
REDRAWN = 0.1


class Screen:
    """Writes to a stream; colours only on a terminal that wants them."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stdout
        self.live = self.stream.isatty()
        self.coloured = self.live and not os.environ.get("NO_COLOR")
        self.began = time.monotonic()

    def line(self, text: str = "") -> None:
        """Print a line at once."""
        self.stream.write(f"{text}\n")
        self.stream.flush()

    def step(self, number: int, title: str) -> None:
        """Print the heading of a step with the time since the start."""
        seconds = time.monotonic() - self.began
        self.line()
        self.line(self._in(f"[{seconds:5.1f} s] {number}. {title}", "1"))

    def say(self, text: str) -> None:
        """Print an indented line."""
        self.line(f"    {text}")

    def promise(self, text: str, *, kept: bool, detail: str) -> None:
        """Print whether a promise was kept."""
        mark = self._in("kept  ", "32") if kept else self._in("BROKEN", "31;1")
        self.line(f"    {mark} {text}{f' ({detail})' if detail else ''}")

    @contextmanager
    def bar(self, label: str, total: int) -> Iterator["Bar"]:
        """Show a bar while the block runs."""
        bar = Bar(self, label, total)
        try:
            yield bar
        finally:
            bar.close()

    def table(self, head: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
        """Print a table, the first column flush left and the others flush right."""
        lines = [list(head), *(list(row) for row in rows)]
        widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
        for number, line in enumerate(lines):
            first, *others = line
            cells = [first.ljust(widths[0])]
            cells += [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
            self.line("    " + "  ".join(cells))
            if number == 0:
                self.line("    " + "  ".join("-" * width for width in widths))

    def _in(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.coloured else text


class Bar:
    """A bar on a terminal; elsewhere one line when it is full."""

    def __init__(self, screen: Screen, label: str, total: int) -> None:
        self.screen = screen
        self.label = label
        self.total = max(total, 1)
        self.done = 0
        self.began = time.monotonic()
        self._shown = 0.0

    def advance(self, count: int = 1) -> None:
        """Count, and redraw a few times a second."""
        self.done += count
        now = time.monotonic()
        if self.screen.live and now - self._shown > REDRAWN:
            self._shown = now
            self._draw("\r")

    def close(self) -> None:
        """Draw the last state and end the line."""
        self._draw("\r" if self.screen.live else "")
        seconds = time.monotonic() - self.began
        self.screen.line(f"  {self.done / max(seconds, 0.001):,.0f}/s")

    def _draw(self, start: str) -> None:
        filled = min(BAR, BAR * self.done // self.total)
        bar = f"{'#' * filled:<{BAR}}"
        self.screen.stream.write(
            f"{start}    {self.label:<34} [{bar}] {self.done:>7,}/{self.total:,}"
        )
        self.screen.stream.flush()
