"""Every test that the pages of explanation name exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = {
    "failure scenarios": ROOT / "docs" / "explanation" / "failure-scenarios.md",
    "role shapes": ROOT / "docs" / "explanation" / "role-shapes.md",
    "threat model": ROOT / "docs" / "explanation" / "threat-model.md",
    "two worlds": ROOT / "docs" / "explanation" / "two-worlds.md",
    "what still works": ROOT / "docs" / "explanation" / "what-still-works.md",
}
NAMED = re.compile(r"`([a-z_]+/[\w/]+\.py(?:::\w+)+)`")
ROW = re.compile(r"^\| (\d+) \|", re.MULTILINE)


def named_on(page: str) -> list[str]:
    return NAMED.findall(PAGES[page].read_text(encoding="utf-8"))


@cache
def names_in(file: Path) -> frozenset[tuple[str, ...]]:
    """Return the tests of a file as the names that lead to them."""
    found = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            found |= {(node.name, each.name) for each in node.body if hasattr(each, "name")}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add((node.name,))
    return frozenset(found)


def exists(test: str) -> bool:
    place, *names = test.split("::")
    file = ROOT / "tests" / re.sub("^m/", "authmigration/", place)
    return file.is_file() and tuple(names) in names_in(file)


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_a_page_names_exists(page):
    named = named_on(page)

    assert named
    assert [test for test in named if not exists(test)] == []


@pytest.mark.parametrize(
    ("page", "rows"), [("failure scenarios", 36), ("role shapes", 29), ("threat model", 37)]
)
def test_a_page_leaves_nothing_out(page, rows):
    numbers = [int(n) for n in ROW.findall(PAGES[page].read_text(encoding="utf-8"))]

    assert numbers == list(range(1, rows + 1))


def test_each_scenario_names_a_test():
    text = PAGES["failure scenarios"].read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if ROW.match(line)]

    assert [row[:60] for row in rows if not NAMED.search(row)] == []


@pytest.mark.parametrize(
    "test",
    [
        "m/no_such_file.py::test_x",
        "m/test_failure_scenarios.py::test_no_such_test",
        "m/test_failure_scenarios.py::NoClass::test_a_page_leaves_nothing_out",
    ],
)
def test_a_test_that_is_not_there_would_be_found(test):
    assert not exists(test)
