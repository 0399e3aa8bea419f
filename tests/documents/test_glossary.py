"""The glossary's words are those of code and documents, and no other word stands for them."""

import re
from functools import cache

import pytest

from auth_lib import Decision
from authmigration import Stage
from authmigration.models import Mismatch
from authmigration.snapshots import CENTRAL, LEGACY
from tests.architecture import source
from tools import check_docs

GLOSSARY = check_docs.ROOT / "docs" / "glossary.md"
ROW = re.compile(r"^\| (?P<terms>[A-Z][^|]*) \| (?P<meaning>[^|]*) \|", re.MULTILINE)
CODE = re.compile(r"^ *```.*?^ *```|`[^`]+`|\"[^\"\n]+\"", re.DOTALL | re.MULTILINE)

# Other projects' words for what has one here, each with ours.
OTHERS = {
    r"scopes?|scoped|tenants?|realms?": "context",
    r"entitlements?|privileges?|capabilit(?:y|ies)": "permission",
    r"role bindings?|memberships?|tuples? store": "assignment",
    r"ban ?list|deny ?list|black ?list": "refusal",
    r"dark launch|dry mode": "shadow",
    r"cut-?over|switch-?over": "stage",
    r"dual[- ]writes?|dual[- ]writing": "written to both worlds",
    r"kill[- ]flags?": "kill switch",
}
OTHER = re.compile(rf"\b(?:{'|'.join(OTHERS)})\b", re.IGNORECASE)


ASGI = re.compile(r"\basgi|websocket", re.IGNORECASE)
"""Who speaks of connections may call theirs as ASGI does."""


def meaning(term):
    (found,) = [row["meaning"] for row in ROW.finditer(text()) if row["terms"] == term]
    return found


def text():
    return GLOSSARY.read_text(encoding="utf-8")


@cache
def written():
    """Return each file of the toolkit and each document but the glossary, with its text."""
    # The auditor reads the code of hosts, and speaks of their scopes and memberships.
    auditor = source.ROOT / "authmigration" / "auditor"
    files = [path for path in source.files(*source.TOOLKIT) if auditor not in path.parents]
    # The platform is a host, and speaks its own language.
    documents = [page for page in check_docs.documents() if page.parts[-2] != "monolith"]
    documents.remove(GLOSSARY)
    documents = [page for page in documents if not page.name.startswith("auditor")]
    return {path: source.text(path) for path in (*files, *documents)}


def terms():
    return [term for row in ROW.finditer(text()) for term in row["terms"].split(", ")]


@pytest.mark.parametrize("term", terms())
def test_every_term_is_used(term):
    word = re.compile(r"\b" + r"[\s_]+".join(term.split()), re.IGNORECASE)

    assert any(word.search(each) for each in written().values())


def test_terms_that_list_values_list_those_of_the_code():
    assert re.findall(r"`(\w+)`", meaning("Stage")) == [stage.value for stage in Stage]
    assert set(re.findall(r"`(\w+)`", meaning("World"))) == {LEGACY, CENTRAL}
    assert all(field in meaning("Decision") for field in Decision._fields)
    assert all(kind in meaning("Mismatch").replace("*", "") for kind in Mismatch.Kind.values)


def test_no_other_word_stands_for_a_term():
    found = [
        f"{source.shown(path)}: {match.group()}"
        for path, each in written().items()
        for match in OTHER.finditer(CODE.sub("", prose(path, each)))
        if not (match.group() == "scope" and ASGI.search(each))
    ]

    assert found == []


def prose(path, whole):
    if path.suffix == ".md":
        return whole
    pieces = [*source.comments(path), *source.docstrings(path)]
    return "\n\n".join(piece for _, piece in pieces)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("A role's scope is the course.", True),
        ("Dual writes are compared.", True),
        ('What OAuth calls "scope".', False),
        ("`scope` is a column there.", False),
        ("The scopelessness of it", False),
    ],
)
def test_other_words_are_told_from_quoted_ones(said, found):
    assert bool(OTHER.search(CODE.sub("", said))) is found
