"""A stacked bar as values that a template draws; every number stands in its text as well."""

from __future__ import annotations

from typing import NamedTuple

from ..progress import Counts

NARROWEST = 1.2
"""Percent of the width below which a part could not be seen."""


class Part(NamedTuple):
    """One part of a bar.

    Attributes:
        state: which state it stands for.
        x: where it begins, as an attribute of SVG.
        width: how wide it is, as an attribute of SVG.

    """

    state: str
    x: str
    width: str


class Cell(NamedTuple):
    """One number.

    Attributes:
        state: which state it counts.
        number: how many, for programs.
        text: the number, for people.
        share: its share of all, for people; empty where there is nobody.

    """

    state: str
    number: int
    text: str
    share: str


class Bar(NamedTuple):
    """Some subjects by state.

    Attributes:
        parts: what is drawn.
        cells: what is written, one for each state.
        total: how many there are, for people.
        words: the whole as one sentence, for who cannot see it.

    """

    parts: tuple[Part, ...]
    cells: tuple[Cell, ...]
    total: str
    words: str


def bar_of(counts: Counts) -> Bar:
    """Return counts as a bar."""
    cells = tuple(
        Cell(state, count, f"{count:,}", share(count, counts.total))
        for state, count in counts.by_state().items()
    )
    present = [f"{cell.text} {cell.state}" for cell in cells if cell.number]
    words = f"{', '.join(present) or 'nobody'}, of {counts.total:,}"
    return Bar(tuple(_parts(counts)), cells, f"{counts.total:,}", words)


def share(count: int, total: int) -> str:
    """Return a share in percent; never 0 or 100 unless it is."""
    if not total:
        return ""
    percent = 100 * count / total
    if count and percent < 0.1:  # noqa: PLR2004 -- the last digit that is shown
        return "< 0.1 %"
    if count < total and percent > 99.9:  # noqa: PLR2004 -- as above
        return "> 99.9 %"
    return f"{percent:.1f} %"


def _parts(counts: Counts) -> list[Part]:
    present = {state: count for state, count in counts.by_state().items() if count}
    widths = {s: max(NARROWEST, 100 * count / counts.total) for s, count in present.items()}
    scale = 100 / sum(widths.values()) if widths else 0
    parts, x = [], 0.0
    for state, width in widths.items():
        # Written out here: a template would put a comma into the number in half of Europe.
        parts.append(Part(state, f"{x:.2f}%", f"{width * scale:.2f}%"))
        x += width * scale
    return parts
