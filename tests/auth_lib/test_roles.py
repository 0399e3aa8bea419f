"""A role as a value."""

from datetime import UTC, datetime

import pytest

from auth_lib import PLATFORM, Context, Effect, Fact, InvalidContext, Role

TEACHER = Role("teacher", on="course", can={"course.edit"}, view_as={"student"})
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


def test_a_role_is_named_by_type_and_name():
    assert str(TEACHER.key) == "course/teacher"


def test_a_role_is_on_the_platform_unless_it_says_otherwise():
    assert Role("superuser").key.on == "platform"


def test_roles_are_equal_if_they_say_the_same():
    twin = Role("teacher", on="course", can={"course.edit"}, view_as={"student"})

    assert twin == TEACHER
    assert len({twin, TEACHER}) == 1


@pytest.mark.parametrize(
    "other",
    [
        Role("teacher", on="school", can={"course.edit"}, view_as={"student"}),
        Role("teacher", on="course", can={"course.view"}, view_as={"student"}),
        Role("teacher", on="course", can={"course.edit"}),
        Role("teacher", on="course", can={"course.edit"}, view_as={"student"}, implies=[TEACHER]),
        "course/teacher",
    ],
)
def test_roles_differ_if_they_say_something_else(other):
    assert other != TEACHER


def test_a_role_says_where_it_is_declared_without_a_path_of_the_machine():
    file, _, line = TEACHER.origin.partition(":")

    assert file == "tests/auth_lib/test_roles.py"
    assert line == "9"
    assert TEACHER.origin in repr(TEACHER)


def test_a_role_at_a_context_is_a_fact():
    fact = TEACHER.at(42, valid_from=NOON, valid_until=None)

    assert fact == Fact("teacher", Context("course", "42"), Effect.GRANT, NOON, None)


def test_a_role_refused_at_a_context_is_a_fact_as_well():
    fact = TEACHER.refused_at(42, valid_until=NOON)

    assert fact == Fact("teacher", Context("course", "42"), Effect.REFUSE, None, NOON)


def test_a_role_on_the_platform_needs_no_id():
    assert Role("superuser").at().context == PLATFORM
    assert Role("superuser").refused_at().context == PLATFORM


def test_a_role_at_no_object_is_refused():
    with pytest.raises(InvalidContext, match="None is no context id"):
        TEACHER.at(None)
