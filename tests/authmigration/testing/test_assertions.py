"""Assertions that say why."""

from types import SimpleNamespace

import pytest

from auth_lib import UnknownContextType
from authmigration import Role, legacy
from authmigration.testing import (
    assert_allowed,
    assert_denied,
    at_stage,
    check_equals_list,
    registry_of,
    with_role,
)
from monolith.courses.authz import COURSE, TEACHER
from monolith.courses.models import Course
from monolith.schools.authz import SCHOOL

pytestmark = pytest.mark.django_db


def test_a_failure_says_why(who, course):
    with (
        at_stage("enforce"),
        pytest.raises(AssertionError, match=r"Expected allowed:\n.*denied \(no_role\)"),
    ):
        assert_allowed(who, "course.edit", course)
    with (
        with_role(who, TEACHER, course),
        pytest.raises(AssertionError, match=r"declared at .*courses/authz\.py:"),
    ):
        assert_denied(who, "course.edit", course)


def test_they_return_the_decision(who, course):
    with with_role(who, TEACHER, course):
        assert assert_allowed(who, "course.edit", course).because == (
            "teacher",
            ("course", str(course.pk)),
        )
    with at_stage("enforce"):
        assert assert_denied(who, "course.edit").allowed is False


def test_a_misspelt_type_is_an_error_and_not_a_denial(who):
    with pytest.raises(UnknownContextType):
        assert_denied(who, "course.edit", "corse:1")


def test_check_equals_list_names_what_differs(who, course):
    @legacy.check("course.read")
    def may_read(user, row):
        return True

    @legacy.list("course.read")
    def to_read(user):
        return Course.objects.none()

    role = Role("reader", on="course", can={"course.read"})
    names = SimpleNamespace(a=may_read, b=to_read, c=role, d=COURSE, e=SCHOOL)
    differing = pytest.raises(AssertionError, match=f"only checked {course.pk}, only listed noth")
    with registry_of(names), at_stage("off"), differing:
        check_equals_list(who, "course.read", Course.objects.all())
