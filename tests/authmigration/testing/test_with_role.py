"""``with_role``: a role for the length of a block."""

import pytest

from auth_lib import InvalidContext, UnknownRole
from authmigration import Effect, Role, check, explain, filter_queryset, pinned
from authmigration.errors import UnknownSubject
from authmigration.rollout import overrides
from authmigration.testing import (
    assert_allowed,
    assert_denied,
    at_stage,
    check_equals_list,
    with_role,
)
from monolith.accounts.authz import SUPERUSER
from monolith.accounts.models import User
from monolith.courses.authz import STUDENT, TA, TEACHER
from monolith.courses.models import Course
from tests.authmigration import worlds

pytestmark = pytest.mark.django_db


def test_it_counts_in_lists_and_explanations_as_in_checks(who, course):
    with with_role(who, TEACHER, course):
        assert set(filter_queryset(who, "course.edit", Course.objects.all())) == {course}
        assert check_equals_list(who, "course.edit", Course.objects.all()) == {course.pk}
        assert "fact:       teacher" in str(explain(who, "course.edit", course))


def test_what_is_held_by_legacy_rows_is_held_besides(who, course):
    worlds.enrol(who, course)
    with with_role(who, TA, course):
        assert_allowed(who, "lecture.view", course)
        assert_allowed(who, "grade.edit", course)


def test_several_are_held_at_once_and_end_one_by_one(who, course):
    first, second = with_role(who, TA, course), with_role(who, TEACHER, course)
    first.enable()
    second.enable()
    first.disable()
    assert_allowed(who, "course.edit", course)
    second.disable()
    assert_denied(who, "grade.edit", course)


def test_nobody_else_holds_it_or_is_decided_for_otherwise(who, course):
    other = worlds.user()
    with with_role(who, TEACHER, course):
        assert check(other, "course.view", course).stage == "off"
        with at_stage("enforce"):
            assert_denied(other, "course.edit", course)


def test_elsewhere_it_is_not_held(who, course):
    with with_role(who, TEACHER, course):
        assert_denied(who, "course.edit", worlds.course(course.school))


def test_a_role_on_the_platform_needs_no_context(who, course):
    with with_role(who, SUPERUSER):
        assert_allowed(who, "course.edit", course)


def test_a_refusal_bars(who, course):
    worlds.enrol(who, course)
    with with_role(who, STUDENT, course, effect=Effect.REFUSE):
        assert_denied(who, "course.view", course)


def test_a_subject_may_be_named_by_its_id(who, course):
    with with_role(str(who.pk), TA, f"course:{course.pk}"):
        assert_allowed(who, "grade.edit", course)


def test_it_is_seen_in_a_unit_of_work_that_has_begun_and_gone_after_it(who, course):
    with pinned(), at_stage("enforce"):
        assert_denied(who, "grade.edit", course)
        with with_role(who, TA, course):
            assert_allowed(who, "grade.edit", course)
        assert_denied(who, "grade.edit", course)


def test_nothing_is_left_after_an_exception(who, course):
    with pytest.raises(ZeroDivisionError), with_role(who, TA, course):
        raise ZeroDivisionError

    assert_denied(who, "grade.edit", course)
    assert overrides._running == ()


@pytest.mark.parametrize(
    ("role", "where", "error"),
    [
        (TA, None, InvalidContext),
        (TA, "course:0", InvalidContext),
        (TA, "school:1", InvalidContext),
        (Role("tutor", on="course"), "course:0", UnknownRole),
    ],
)
def test_what_does_not_exist_is_an_error_and_leaves_nothing(who, role, where, error):
    with pytest.raises(error), with_role(who, role, where):
        pass

    assert overrides._running == ()


def test_somebody_anonymous_cannot_hold_a_role(course):
    with pytest.raises(UnknownSubject), with_role(User(), TA, course):
        pass


@pytest.mark.parametrize("stage", ["off", "shadow"])
def test_where_legacy_decides_it_would_be_in_vain_and_says_so(who, course, stage):
    with at_stage(stage), pytest.raises(ValueError, match="create the legacy rows"):
        with_role(who, TA, course).enable()
    with with_role(who, TA, course), pytest.raises(ValueError, match=f"at_stage.'{stage}'"):
        at_stage(stage).enable()

    assert overrides._running == ()
