"""Documents that lead nowhere are found."""

import pytest

from tools import check_docs


@pytest.fixture
def faults(tmp_path, monkeypatch):
    monkeypatch.setattr(check_docs, "ROOT", tmp_path)
    monkeypatch.setattr(check_docs, "targets", lambda: {"demo"})
    (tmp_path / "other.md").write_text("# A heading, with `code`\n")

    def of(text):
        document = tmp_path / "page.md"
        document.write_text(text)
        return list(check_docs.faults(document))

    return of


@pytest.mark.parametrize(
    "text",
    [
        "[other](other.md)",
        "[heading](other.md#a-heading-with-code)",
        "[web](https://example.com/nothing)",
        "`[code](gone.md)`",
        "```text\n[a block](gone.md)\n```",
        "```python\nx = 1\n```",
        "```python\n    indented = 1\n```",
        "```console\n$ make demo\n```",
        "```\nmake anything\n```",
    ],
)
def test_what_leads_somewhere_passes(faults, text):
    assert faults(text) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[gone](gone.md)", "gone.md"),
        ("[gone](other.md#nowhere)", "nowhere"),
        ("[outside](../outside.md)", "outside"),
        ("```python\nx =\n```", "does not parse"),
        ("```bash\nmake coffee\n```", "make coffee"),
    ],
)
def test_what_leads_nowhere_is_named(faults, text, fault):
    (found,) = faults(text)

    assert fault in found


def test_the_targets_are_those_of_the_makefile():
    assert {"demo", "serve", "test", "check", "bench"} <= check_docs.targets()
