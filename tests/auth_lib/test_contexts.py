"""What a context is, and what is none."""

from uuid import UUID

import pytest
from hypothesis import given, settings

from auth_lib import PLATFORM, Context, InvalidContext
from auth_lib.contexts import ID_MAX_LENGTH, TYPE_MAX_LENGTH
from tests.auth_lib import strategies


def test_a_context_is_written_as_type_and_id():
    assert str(Context("course", "42")) == "course:42"


def test_the_platform_is_one_context_with_a_fixed_id():
    assert str(PLATFORM) == "platform:-"
    assert Context.parse("platform:-") == PLATFORM


@settings(deadline=None, derandomize=True)
@given(strategies.types, strategies.ids)
def test_whatever_is_written_is_read_back(type_, id_):
    context = Context.of(type_, id_)

    assert Context.parse(str(context)) == context


def test_the_id_is_everything_behind_the_first_colon():
    assert Context.parse("course:course-v1:Org+1") == Context("course", "course-v1:Org+1")


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (42, "42"),
        ("42", "42"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ("x" * ID_MAX_LENGTH, "x" * ID_MAX_LENGTH),
        ("-", "-"),
    ],
)
def test_an_id_of_any_kind_that_has_one_text_is_taken(given, text):
    assert Context.of("course", given).id == text


@pytest.mark.parametrize(
    "given",
    [None, True, 1.0, b"42", "", " 42", "42 ", "4\n2", "4\x002", "x" * (ID_MAX_LENGTH + 1)],
)
def test_what_has_no_certain_text_is_no_id(given):
    with pytest.raises(InvalidContext, match="is no context id"):
        Context.of("course", given)


def test_a_forgotten_id_is_never_read_as_any():
    with pytest.raises(InvalidContext, match="None is no context id; pass the id of one object"):
        Context.of("course", None)


@pytest.mark.parametrize(
    "given",
    ["", "Course", "1st", "a-b", "a b", "a:b", "kurs\u00fc", "x" * (TYPE_MAX_LENGTH + 1), "a\n"],
)
def test_a_type_is_lower_case_and_starts_with_a_letter(given):
    with pytest.raises(InvalidContext, match="is no context type"):
        Context.of(given, "42")


def test_a_type_that_is_no_text_is_refused():
    with pytest.raises(InvalidContext, match="42 is no context type"):
        Context.of(42, "42")


def test_a_text_without_a_colon_is_no_context():
    with pytest.raises(InvalidContext, match="write type:id, as in course:42"):
        Context.parse("course")


def test_an_empty_id_is_no_context():
    with pytest.raises(InvalidContext, match="is no context id"):
        Context.parse("course:")
