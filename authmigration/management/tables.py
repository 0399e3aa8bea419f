"""Rows of text, aligned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

GAP = "  "


def aligned(rows: Iterable[Sequence[object]], *, indent: str = GAP) -> Iterator[str]:
    """Yield rows as lines: numbers to the right of their column, everything else to the left.

    Args:
        rows: their cells; whole numbers are grouped by thousands.
        indent: what each line begins with.

    """
    given = list(rows)
    texts = [[_text(cell) for cell in row] for row in given]
    numeric = [[isinstance(cell, int | float) for cell in row] for row in given]
    columns = max(map(len, texts), default=0)
    widths = [
        max((len(row[i]) for row in texts if i < len(row)), default=0) for i in range(columns)
    ]
    for row, is_number in zip(texts, numeric, strict=True):
        cells = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, is_number, strict=False)
        )
        yield (indent + GAP.join(cells)).rstrip()


def _text(cell: object) -> str:
    return f"{cell:,}" if isinstance(cell, int) and not isinstance(cell, bool) else str(cell)
