"""Every Python block of README and docs runs, page by page, on the platform's settings."""

import pytest

from tests.documents import pages

PAGES = [
    pytest.param(
        page, id=pages.shown(page), marks=pytest.mark.django_db(transaction=pages.commits(page))
    )
    for page in pages.pages()
]
A_BLOCK = "```python\n{}\n```\n"
MOST_NOT_RUN = 0.1


@pytest.fixture
def page(tmp_path):
    def of(*parts):
        path = tmp_path / "page.md"
        path.write_text("\n".join(parts))
        return path

    return of


def run(path, **names):
    document = pages.document(path, **names)
    for example in document:
        example.evaluate()
    return document.namespace


@pytest.mark.parametrize("path", PAGES)
def test_the_blocks_of_a_page_run(path, client, rf, settings, declare):
    run(path, client=client, rf=rf, settings=settings, declare=declare)


def test_a_block_that_is_not_run_says_why():
    reasons = {pages.shown(path): pages.blocks_not_run(path) for path in pages.pages()}

    assert {name: found for name, found in reasons.items() if "" in found} == {}


def test_few_blocks_are_not_run():
    not_run = sum(len(pages.blocks_not_run(path)) for path in pages.pages())
    blocks = sum(len(pages.BLOCK.findall(path.read_text("utf-8"))) for path in pages.pages())

    assert not_run <= max(2, MOST_NOT_RUN * blocks)


def test_the_blocks_of_a_page_share_their_names(page):
    path = page(A_BLOCK.format("one = 1"), "then", A_BLOCK.format("two = one + given"))

    assert run(path, given=1)["two"] == 2


def test_a_block_that_fails_is_found_by_file_and_line(page):
    path = page("# Title", "", A_BLOCK.format("fine = 1\nraise KeyError(1)"))

    with pytest.raises(KeyError) as caught:
        run(path)

    assert (str(caught.traceback[-1].path), caught.traceback[-1].lineno + 1) == (str(path), 5)


def test_the_output_after_a_prompt_is_compared(page):
    with pytest.raises(AssertionError, match="Expected:"):
        run(page(A_BLOCK.format(">>> 1 + 1\n3")))
    run(page(A_BLOCK.format(">>> 1 + 1\n2")))


def test_a_hidden_block_is_run(page):
    assert run(page("<!-- invisible-code-block: python\nhidden = 3\n-->"))["hidden"] == 3


def test_only_the_block_below_the_marker_is_not_run(page):
    path = page(
        "<!-- not run: needs a second machine -->",
        A_BLOCK.format(">>> 1 / 0\n1\n>>> 2 / 0\n2"),
        "<!-- invisible-code-block: python\nhidden = 3\n-->",
        A_BLOCK.format("after = hidden"),
    )

    assert run(path)["after"] == 3
    assert set(pages.blocks_not_run(path)) == {"needs a second machine"}


def test_a_marker_needs_a_reason(page):
    assert pages.blocks_not_run(page("<!-- not run: -->", A_BLOCK.format("1 / 0"))) == [""]
