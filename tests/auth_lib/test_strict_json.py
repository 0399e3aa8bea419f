"""How deep JSON may be nested does not depend on the process that reads it."""

import json
import sys

import pytest

from auth_lib import strict_json


@pytest.mark.parametrize("limit", [1_000, 50_000])
@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_what_is_nested_too_deeply_is_refused_whatever_the_process_could_read(limit, opening):
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(limit)
    try:
        with pytest.raises(ValueError, match="nested too deeply"):
            strict_json.loads((opening * 65).encode())
    finally:
        sys.setrecursionlimit(before)


def test_as_deep_as_may_be_is_read():
    text = "[" * 64 + "]" * 64

    assert json.dumps(strict_json.loads(text.encode())) == text


@pytest.mark.parametrize(
    "text", ["[" * 100, "\\" + "[{" * 90, '"' + "[" * 90, "\\\\" * 40 + '"[' * 40]
)
def test_brackets_in_a_text_are_no_levels(text):
    written = json.dumps([text, {"a": text}])

    assert strict_json.loads(written.encode()) == json.loads(written)
