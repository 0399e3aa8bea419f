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
        "`make demo` and `make`",
        "```python\n>>> 1 +\n2\n```",
        "```console\nAUTHZ_KILL=1 manage.py authz_status --json | head -1 # a remark\n```",
        "```console\n$ ./manage.py authz_kill on \\\n    --reason 'why'\nmanage.py says no\n```",
        "`manage.py authz_stage` wants more in a block than `manage.py authz_stage school:7` here",
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
        ("`make coffee`", "make coffee"),
        ("```bash\nmanage.py authz_coffee\n```", "no command authz_coffee"),
        ("```console\n$ manage.py authz_status --wach\n```", "unrecognized arguments: --wach"),
        ("```console\nmanage.py authz_kill on\n```", "required: --reason"),
        ("```console\ntrue && python manage.py migrate --nowhere; true\n```", "--nowhere"),
        ("```console\nmanage.py authz_kill on --reason 'why\n```", "cannot read"),
        ("`manage.py authz_status --wach`", "--wach"),
    ],
)
def test_what_leads_nowhere_is_named(faults, text, fault):
    (found,) = faults(text)

    assert fault in found


def test_the_targets_are_those_of_the_makefile():
    assert {"demo", "serve", "test", "check", "bench"} <= check_docs.targets()
