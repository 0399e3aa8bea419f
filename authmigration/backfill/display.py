"""Progress for people: one bar that moves on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import os
import shutil
import time
from typing import TextIO

from .pace import Progress

LINE_SECONDS = 5.0
"""How often a line is written where no terminal listens."""

NARROWEST, WIDEST = 5, 40
"""Columns of the bar; where fewer than the first are left, the figures stand alone."""

_GREEN, _RED, _PLAIN = "\x1b[32m", "\x1b[31m", "\x1b[0m"
_TO_END = "\x1b[K"


class Display:
    """Shows the progress of a run on a stream.

    Args:
        stream: where to.
        every: seconds between two lines where the stream is no terminal.

    """

    def __init__(self, stream: TextIO, every: float = LINE_SECONDS) -> None:
        self.stream = stream
        self.every = every
        self.terminal = stream.isatty()
        self.coloured = self.terminal and not os.environ.get("NO_COLOR")
        self._shown_at = -every
        self._open = False

    def show(self, progress: Progress) -> None:
        """Show how far it is; to be called as often as anything is known."""
        if self.terminal:
            self._bar(progress)
        elif progress.finished or time.monotonic() - self._shown_at >= self.every:
            self._shown_at = time.monotonic()
            self.stream.write(f"backfill: {_figures(progress)}\n")
            self.stream.flush()

    def close(self) -> None:
        """End the line of the bar, so that the next output begins on one of its own."""
        if self._open:
            self.stream.write("\n")
            self.stream.flush()
            self._open = False

    def _bar(self, progress: Progress) -> None:
        figures = _figures(progress)
        room = shutil.get_terminal_size().columns - len(figures) - len("backfill [] ") - 1
        bar = self._drawn(min(WIDEST, room), progress) if room >= NARROWEST else ""
        self.stream.write(f"\rbackfill {bar}{figures}{_TO_END}")
        self.stream.flush()
        self._open = True

    def _drawn(self, width: int, progress: Progress) -> str:
        filled = width * progress.done // max(1, progress.total)
        return f"[{self._coloured('#' * filled, progress)}{'-' * (width - filled)}] "

    def _coloured(self, text: str, progress: Progress) -> str:
        if not self.coloured:
            return text
        return f"{_RED if progress.failed else _GREEN}{text}{_PLAIN}"


def _figures(progress: Progress) -> str:
    share = 100 if not progress.total else 100 * progress.done // progress.total
    parts = [f"{share:3d} %", f"{progress.done:,}/{progress.total:,}"]
    if not progress.finished:
        parts.append(f"{progress.rate:,.0f}/s")
    if not progress.finished and progress.eta_seconds is not None:
        parts.append(f"{_duration(progress.eta_seconds)} left")
    if progress.failed:
        parts.append(f"{progress.failed:,} not migrated")
    return "  ".join(parts)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
