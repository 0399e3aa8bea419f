import json
from collections import Counter
from pathlib import Path

import pytest

from feature_flags.buckets import ALL, as_percent, bucket

VECTORS = Path(__file__).parents[1] / "vectors" / "flag_buckets.json"


def test_no_unit_has_left_the_bucket_it_was_first_put_in():
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"]

    assert len(vectors) == 200
    assert [bucket(v["salt"], v["unit"]) for v in vectors] == [v["bucket"] for v in vectors]


def test_the_buckets_are_filled_evenly():
    tenths = Counter(bucket("even", f"school:{number}") // 1_000 for number in range(20_000))

    assert sorted(tenths) == list(range(10))
    assert all(1_800 < filled < 2_200 for filled in tenths.values())


def test_two_salts_draw_independent_lots():
    schools = [f"school:{number}" for number in range(4_000)]
    first = {school for school in schools if bucket("one", school) < 2_500}
    second = {school for school in schools if bucket("two", school) < 2_500}

    assert 0.19 < len(first & second) / len(first) < 0.31


@pytest.mark.parametrize(
    ("basis_points", "text"),
    [(0, "0%"), (1, "0.01%"), (250, "2.5%"), (2_500, "25%"), (ALL, "100%")],
)
def test_basis_points_are_written_as_people_say_them(basis_points, text):
    assert as_percent(basis_points) == text
