"""The bars as values."""

import pytest

from authmigration.dashboard.bars import bar_of, share
from authmigration.progress import STATES, Counts


def widths(counts: Counts) -> list[float]:
    return [float(part.width.removesuffix("%")) for part in bar_of(counts).parts]


def test_the_parts_stand_side_by_side_and_fill_the_bar():
    bar = bar_of(Counts(total=4, migrated=1, stale=1, unmigrated=2))

    assert bar.parts == (
        ("migrated", "0.00%", "25.00%"),
        ("stale", "25.00%", "25.00%"),
        ("unmigrated", "50.00%", "50.00%"),
    )


def test_one_in_a_million_is_still_seen():
    found = widths(Counts(total=1_000_000, quarantined=1, unmigrated=999_999))

    assert found[0] > 0.5
    assert sum(found) == pytest.approx(100, abs=0.05)


def test_a_bar_of_nobody_is_empty_and_says_so():
    bar = bar_of(Counts())

    assert bar.parts == ()
    assert bar.words == "nobody, of 0"
    assert [cell.state for cell in bar.cells] == list(STATES)


@pytest.mark.parametrize(
    ("count", "total", "text"),
    [
        (0, 0, ""),
        (0, 9, "0.0 %"),
        (9, 9, "100.0 %"),
        (1, 28_785, "< 0.1 %"),
        (28_784, 28_785, "> 99.9 %"),
        (1, 3, "33.3 %"),
    ],
)
def test_a_share_is_never_nothing_or_all_unless_it_is(count, total, text):
    assert share(count, total) == text
