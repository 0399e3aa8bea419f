"""The pages are built, and whatever Sphinx has against them is an error."""

import re
import shutil

import pytest

from tools import build_docs

pytest.importorskip("sphinx", reason="make check installs Sphinx")

pytestmark = pytest.mark.slow

INDEX = "# Index\n\n## Reference\n\n- [Other](other.md)\n- [Root](../ROOT.md)\n"

LISTED = re.compile(r'<li class="toctree-l1"><a [^>]*href="([^"]+)"')
OTHER = "# Other\n\n[heading](../ROOT.md#a-heading)\n"


@pytest.fixture
def build(tmp_path):
    """Build a small project with the configuration of this one."""
    for name in ("docs/conf.py", "docs/static/pages.css", "pyproject.toml"):
        copy = tmp_path / "project" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(build_docs.ROOT / name, copy)

    def built(**pages):
        texts = {"docs/index": INDEX, "docs/other": OTHER, "ROOT": "# Root\n\n## A heading\n"}
        for name, text in {**texts, **pages}.items():
            (tmp_path / "project" / f"{name}.md").write_text(text)
        return build_docs.build(tmp_path / "project", tmp_path / "out" / "html")

    return built


def test_pages_are_built_and_ordered_as_the_index_lists_them(build, tmp_path):
    assert build() == 0

    page = (tmp_path / "out/html/docs/index.html").read_text()
    assert LISTED.findall(page) == ["other.html", "../ROOT.html"]


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ({"docs/other": "# Other\n\n[gone](gone.md)\n"}, "gone.md"),
        ({"docs/other": "# Other\n\n[gone](../ROOT.md#nowhere)\n"}, "nowhere"),
        ({"docs/lost": "# Linked from nowhere\n"}, "toctree"),
        ({"docs/other": "# Other\n\n### A level is left out\n"}, "H1 to H3"),
    ],
)
def test_a_warning_is_an_error(build, page, fault, capfd):
    assert build(**page) != 0
    assert fault in capfd.readouterr().err
