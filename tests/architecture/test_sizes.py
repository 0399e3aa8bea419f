"""Files and functions stay small enough to be read at one go."""

from statistics import median

import pytest

from . import source

FILE_LINES = 300
FILE_MEDIAN = 120
FUNCTION_LINES = 40
FUNCTION_MEDIAN = 8


def test_no_file_is_longer_than_300_lines():
    sizes = {source.shown(path): source.lines(path) for path in source.files(*source.EVERYTHING)}

    assert {name: size for name, size in sizes.items() if size > FILE_LINES} == {}


@pytest.mark.parametrize("package", source.TOOLKIT)
def test_half_of_the_files_have_at_most_120_lines(package):
    assert median(source.lines(path) for path in source.files(package)) <= FILE_MEDIAN


def test_no_function_of_the_toolkit_is_longer_than_40_lines():
    sizes = dict(size for path in source.files(*source.TOOLKIT) for size in source.functions(path))

    assert {name: size for name, size in sizes.items() if size > FUNCTION_LINES} == {}


@pytest.mark.parametrize("package", source.TOOLKIT)
def test_half_of_the_functions_have_at_most_8_lines(package):
    sizes = [size for path in source.files(package) for _, size in source.functions(path)]

    assert median(sizes) <= FUNCTION_MEDIAN


def test_the_measure_counts_a_function_from_its_first_to_its_last_line_without_its_docstring(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(source, "ROOT", tmp_path)
    file = tmp_path / "sample.py"
    file.write_text("@decorator\ndef outer():\n    def inner():\n        pass\n    return inner\n")
    (tmp_path / "told.py").write_text(
        'def told():\n    """Say.\n\n    More.\n    """\n    return 1\n'
    )

    assert list(source.functions(file)) == [("sample.py:2 outer", 4), ("sample.py:3 inner", 2)]
    assert list(source.functions(tmp_path / "told.py")) == [("told.py:1 told", 2)]
