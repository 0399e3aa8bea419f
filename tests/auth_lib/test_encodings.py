"""base64url and JSON with one text for each value, on every input."""

import base64
import json
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auth_lib import base64url, strict_json

ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
texts = st.text(st.characters(exclude_categories=["Cs"]))
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=20,
)


@given(st.binary(max_size=200))
def test_bytes_go_there_and_back(data):
    assert base64url.decode(base64url.encode(data)) == data
    assert base64url.encode(data) == base64.urlsafe_b64encode(data).rstrip(b"=")


@given(st.text(st.sampled_from([*map(chr, ALPHABET), *"+/=.\n ", "\x00"]), max_size=12))
@example("AB")
@example("AAB")
@example("A")
@example("AA==")
@example("A-__")
def test_a_text_is_read_only_if_it_is_the_one_text_of_its_bytes(text):
    data = text.encode()
    written = set(data) <= set(ALPHABET) and is_written(data)

    if written:
        assert base64url.encode(base64url.decode(data)) == data
    else:
        with pytest.raises(ValueError, match=r"."):
            base64url.decode(data)


def is_written(data):
    """Tell by the standard library, which reads more, whether an encoder writes this text."""
    if len(data) % 4 == 1:
        return False
    read = base64.urlsafe_b64decode(data + b"=" * (-len(data) % 4))
    return base64.urlsafe_b64encode(read).rstrip(b"=") == data


@given(st.binary(max_size=40))
def test_any_bytes_are_decoded_or_a_value_error(data):
    for read in (base64url.decode, strict_json.loads):
        with suppress(ValueError):
            read(data)


@given(json_values)
def test_json_is_read_as_it_was_written(value):
    for ascii_only in (True, False):
        assert strict_json.loads(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":1}',
        '{"a":{"b":1,"b":2}}',
        '[{"a":1,"\\u0061":2}]',
        "NaN",
        "[-Infinity]",
        "1e999",
        "-1e999",
        str(2**53),
        str(-(2**53)),
        "9" * 5000,
        '"\\ud800"',
        '{"\\udfff":1}',
        '"\\ud800\\ud800"',
        "[" * 100_000,
        '{"a":' * 100_000,
        "",
        " ",
        "{} {}",
        "'a'",
        "\ufeff{}",
        '"a\nb"',
    ],
    ids=lambda text: text[:20],
)
def test_json_with_two_readings_or_none_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        strict_json.loads(text.encode())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le", "latin-1"])
def test_json_is_utf_8(encoding):
    with pytest.raises(ValueError, match=r"."):
        strict_json.loads('{"name": "Zoë"}'.encode(encoding))


def test_a_whole_pair_of_surrogates_is_one_character():
    assert strict_json.loads(b'"\\ud83c\\udf93"') == "\U0001f393"


def test_the_largest_integers_are_read():
    assert strict_json.loads(b"[9007199254740991, -9007199254740991, 0]")[0] == 2**53 - 1


@pytest.mark.parametrize("levels", [8, 9])
def test_what_is_kept_has_at_most_eight_levels(levels):
    value = json.loads("[" * levels + "]" * levels)

    if levels == strict_json.MAX_DEPTH:
        strict_json.require_depth(value)
    else:
        with pytest.raises(ValueError, match="deeply"):
            strict_json.require_depth(value)
