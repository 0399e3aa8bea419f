"""Names say what a module is for; prose says why, without filler."""

import ast
import re
import subprocess

import pytest

from . import source

DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "base"}
FILLER = re.compile(r"\b(we|just|simply)\b", re.IGNORECASE)
# What a commit must not leave behind, and so stands here and nowhere else.
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b")
CODE = re.compile(r"^ *```.*?^ *```|`[^`]+`|\"[^\"\n]+\"", re.DOTALL | re.MULTILINE)

# The words themselves stand in the rules that forbid them.
RULES = {"tests/architecture/test_words.py", "CONTRIBUTING.md"}


def prose(path):
    """Yield line and text of what a person wrote for a person."""
    yield from source.comments(path)
    yield from source.docstrings(path)


def documents():
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.md"],
        cwd=source.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    files = [source.ROOT / name for name in listed.stdout.splitlines()]
    return [file for file in files if file.exists() and source.shown(file) not in RULES]


def python_files():
    files = source.files(*source.EVERYTHING)
    return [path for path in files if source.shown(path) not in RULES]


def test_no_module_is_a_drawer():
    folders = {parent for path in python_files() for parent in path.parents}
    names = [*python_files(), *(folder for folder in folders if folder.is_relative_to(source.ROOT))]

    assert [source.shown(path) for path in names if path.stem in DRAWERS] == []


def test_comments_and_docstrings_do_without_filler():
    found = [
        f"{source.shown(path)}:{line} {FILLER.search(CODE.sub('', text)).group()}"
        for path in python_files()
        for line, text in prose(path)
        if FILLER.search(CODE.sub("", text))
    ]

    assert found == []


def test_documents_do_without_filler():
    found = [
        f"{source.shown(path)}: {match.group()}"
        for path in documents()
        for match in FILLER.finditer(CODE.sub("", source.text(path)))
    ]

    assert found == []


def test_nothing_is_left_to_be_done():
    files = [*python_files(), *documents()]

    assert [source.shown(path) for path in files if UNFINISHED.search(source.text(path))] == []


def test_the_product_never_asserts():
    found = [
        f"{source.shown(path)}:{node.lineno}"
        for path in source.files(*source.TOOLKIT, "monolith")
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Assert)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# We do it.", True),
        ("# That is what we do", True),
        ("# It just works.", True),
        ("# The adjustment of the west wing", False),
        ('# The word "just" is quoted.', False),
        ("# ``simply`` is a name here", False),
    ],
)
def test_filler_is_told_from_words_that_contain_it(text, found):
    assert bool(FILLER.search(CODE.sub("", text))) is found
