"""The numbers by which a team goes on, or does not, are numbers that the status has."""

import re

import pytest

from authmigration.progress import status
from tests.documents.consoles import ROOT

PAGE = ROOT / "docs" / "how-to" / "plan-a-rollout.md"
KEY = re.compile(r"`((?:subjects|comparisons|open_mismatches|marks|capture)(?:\[\])?\.[a-z_]+)`")


def has(document, key):
    first, _, second = key.partition(".")
    found = document.get(first.removesuffix("[]"))
    if first.endswith("[]"):
        return bool(found) and all(second in each for each in found)
    return found is not None and second in found


@pytest.mark.django_db
def test_every_criterion_is_a_number_of_the_status():
    keys = KEY.findall(PAGE.read_text(encoding="utf-8"))
    document = status(with_units=False).as_json()

    assert len(set(keys)) >= 6
    assert [key for key in keys if not has(document, key)] == []


@pytest.mark.parametrize("key", ["subjects.gone", "nothing.here", "capture[].gone"])
def test_a_criterion_that_is_none_would_be_found(key):
    assert not has({"subjects": {"total": 1}, "capture": [{"state": "missing"}]}, key)
