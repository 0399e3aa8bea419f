"""Only a role that a held role lists, and never one view inside another."""

import pytest

from auth_lib import InvalidContext, UnknownRole
from authmigration import Effect, check, current_view_as, viewing
from authmigration.errors import ViewAsRefused
from authmigration.rollout import Stage, forced
from authmigration.testing import with_role
from monolith.courses.authz import MODERATOR, STUDENT, TA, TEACHER
from monolith.courses.models import Course
from tests.authmigration import worlds

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "role"),
    [("owner", TA), ("owner", TEACHER), ("student", TEACHER), ("teacher", STUDENT)],
)
def test_only_a_role_that_a_held_role_lists(campus, world, name, role):
    with (
        pytest.raises(ViewAsRefused, match=f"view it as '{role.name}'"),
        viewing(campus[name], role, campus.course),
    ):
        pass


def test_a_superuser_can_view_as_nobody_and_gains_nothing(campus, world):
    for role in (STUDENT, TA, TEACHER, MODERATOR):
        with (
            pytest.raises(ViewAsRefused),
            viewing(campus["superuser"], role, campus.course),
        ):
            pass


def test_a_superuser_who_teaches_the_course_sees_no_more_than_a_student(campus, world):
    superuser = campus["superuser"]
    superuser.is_teacher = True
    superuser.save()
    course = worlds.course(campus.course.school, owner=superuser)
    with viewing(superuser, STUDENT, course):
        assert not check(superuser, "course.edit", course)


def test_a_role_given_only_in_the_new_world_counts_where_it_decides(campus):
    nobody, course = campus["nobody"], campus.course
    with with_role(nobody, TEACHER, course), viewing(nobody, STUDENT, course) as found:
        assert found.role == "student"


@pytest.mark.django_db(transaction=True)
def test_the_facts_of_the_world_that_decides_are_asked(committed_campus):
    owner, course = committed_campus["owner"], committed_campus.course
    with forced(Stage.ENFORCE):
        check(owner, "course.edit", course)  # migrates
    # No trigger is there to tell the new world of this.
    Course.objects.filter(pk=course.pk).update(owner=None)

    with forced(Stage.ENFORCE), viewing(owner, STUDENT, course) as found:
        assert found.subject == str(owner.pk)
    with forced(Stage.OFF), pytest.raises(ViewAsRefused), viewing(owner, STUDENT, course):
        pass


def test_somebody_barred_may_not(campus):
    owner = campus["owner"]
    with (
        with_role(owner, STUDENT, campus.course, effect=Effect.REFUSE),
        pytest.raises(ViewAsRefused),
        viewing(owner, STUDENT, campus.course),
    ):
        pass


def test_somebody_whose_account_is_closed_may_not(campus, world):
    owner = campus["owner"]
    owner.is_active = False
    with pytest.raises(ViewAsRefused), viewing(owner, STUDENT, campus.course):
        pass


def test_somebody_anonymous_may_not(campus):
    with (
        pytest.raises(ViewAsRefused, match="anonymous"),
        viewing(campus["anonymous"], STUDENT, campus.course),
    ):
        pass


def test_what_somebody_looks_as_can_be_asked_and_is_their_own(campus):
    with viewing(campus["owner"], STUDENT, campus.course) as begun:
        assert current_view_as(campus["owner"]) == begun
        assert current_view_as(str(campus["owner"].pk)) == begun
        assert current_view_as(campus["nobody"]) is None
        assert current_view_as(campus["anonymous"]) is None
    assert current_view_as(campus["owner"]) is None


def test_one_view_is_not_started_inside_another(campus):
    owner = campus["owner"]
    with (
        viewing(owner, STUDENT, campus.course),
        pytest.raises(ViewAsRefused, match="end that first"),
        viewing(owner, STUDENT, campus.other_course),
    ):
        pass


@pytest.mark.parametrize(
    ("role", "where", "error"),
    [
        ("studnet", "course:{}", UnknownRole),
        (STUDENT, "course:0", InvalidContext),
        (STUDENT, None, InvalidContext),
        ("student", "{}", InvalidContext),
    ],
)
def test_what_does_not_exist_is_an_error(campus, role, where, error):
    place = where.format(campus.course.pk) if where else None
    with pytest.raises(error), viewing(campus["owner"], role, place):
        pass
