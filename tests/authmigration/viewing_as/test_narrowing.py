"""The same subject through a role: allowed is what both roles allow."""

import time
from types import SimpleNamespace

import pytest

from auth_lib import Reason
from authmigration import ContextType, Role, check, is_authorized, viewing, viewing_as
from authmigration.testing import at_stage, check_equals_list, registry_of, with_role
from monolith.courses.authz import COURSE, STUDENT
from monolith.courses.models import Course
from monolith.lectures.models import Lecture
from monolith.schools.authz import SCHOOL
from monolith.schools.models import School
from tests.authmigration import worlds

pytestmark = pytest.mark.django_db


def test_what_the_viewed_role_may_not_do_is_denied(campus, world):
    owner = campus["owner"]
    with viewing(owner, STUDENT, campus.course):
        assert check(owner, "course.view", campus.course)
        denied = check(owner, "course.edit", campus.course)

    assert (denied.allowed, denied.reason) == (False, Reason.VIEW_AS)
    assert check(owner, "course.edit", campus.course)


def test_what_the_held_role_may_not_do_stays_denied(db):
    editor = Role("editor", on="course", can={"course.edit"})
    reader = Role("reader", on="course", can={"course.view"}, view_as={"editor"})
    kinds = (ContextType("school", School), ContextType("course", Course, parent="school"))
    who, course = worlds.user(), worlds.course(worlds.school())
    names = SimpleNamespace(a=editor, b=reader, c=kinds[0], d=kinds[1])
    with registry_of(names), with_role(who, reader, course), viewing(who, editor, course):
        assert not check(who, "course.edit", course)
        assert not check(who, "course.view", course)


def test_a_role_asked_by_name_is_held_only_as_the_viewed_one(campus, world):
    owner, key = campus["owner"], campus.course.pk
    assert is_authorized(owner, "course", key, "teacher")
    with viewing(owner, STUDENT, campus.course):
        assert not is_authorized(owner, "course", key, "teacher")
        assert not is_authorized(owner, "course", key, "student")


def test_what_lies_below_the_context_is_seen_alike(campus, world):
    owner = campus["owner"]
    assert check(owner, "lecture.edit", campus.lecture)
    with viewing(owner, STUDENT, campus.course):
        assert check(owner, "lecture.view", campus.lecture)
        assert not check(owner, "lecture.edit", campus.lecture)


def test_elsewhere_nothing_changes(campus, world):
    owner = campus["owner"]
    with viewing(owner, STUDENT, campus.course):
        assert check(owner, "course.edit", campus.other_course)


def test_nobody_else_sees_anything_of_it(campus, world):
    with viewing(campus["owner"], STUDENT, campus.course):
        assert check(campus["principal"], "course.edit", campus.course)


def test_lists_are_narrowed_as_checks_are(campus):
    owner = campus["owner"]
    with at_stage("enforce"):
        both = check_equals_list(owner, "course.edit", Course.objects.all())
        with viewing(owner, STUDENT, campus.course):
            one = check_equals_list(owner, "course.edit", Course.objects.all())
            lectures = check_equals_list(owner, "lecture.edit", Lecture.objects.all())

    assert both == {campus.course.pk, campus.other_course.pk}
    assert one == {campus.other_course.pk}
    assert lectures == set()


def test_what_is_open_to_all_is_open_in_every_role(campus):
    Course.objects.filter(pk=campus.course.pk).update(is_public=True)
    course = Course.objects.get(pk=campus.course.pk)
    blind = Role("blind", on="course", can={"course.sleep"})
    guide = Role("guide", on="course", can={"course.view"}, view_as={"blind"})
    who = campus["nobody"]
    names = SimpleNamespace(a=blind, b=guide, c=COURSE, d=SCHOOL)
    with registry_of(names), with_role(who, guide, course), viewing(who, blind, course):
        assert check(who, "course.view", course)
        assert check_equals_list(who, "course.view", Course.objects.all()) == {course.pk}


def test_an_unsafe_request_may_do_nothing_there(campus, world):
    owner = campus["owner"]
    with viewing(owner, STUDENT, campus.course) as found:
        unsafe = viewing_as.Viewing(found.subject, found.role, found.context, found.until, False)
    with viewing_as.looking(unsafe):
        denied = check(owner, "course.view", campus.course)
        assert (denied.allowed, denied.reason) == (False, Reason.VIEW_AS_READ_ONLY)
        assert check(owner, "course.view", campus.other_course)


def test_an_unsafe_request_lists_nothing_there(campus):
    owner = campus["owner"]
    with viewing(owner, STUDENT, campus.course) as found:
        unsafe = viewing_as.Viewing(found.subject, found.role, found.context, found.until, False)
    with at_stage("enforce"), viewing_as.looking(unsafe):
        listed = check_equals_list(owner, "course.view", Course.objects.all())

    assert listed == {campus.other_course.pk}


def test_it_ends_in_the_middle_of_a_long_request(campus, world):
    owner = campus["owner"]
    soon = viewing_as.Viewing(
        str(owner.pk), "student", viewing_of(campus).context, time.time() + 0.1
    )
    with viewing_as.looking(soon):
        assert not check(owner, "course.edit", campus.course)
        time.sleep(0.15)
        assert check(owner, "course.edit", campus.course)


def viewing_of(campus):
    with viewing(campus["owner"], STUDENT, campus.course) as found:
        return found


def test_a_view_as_is_looked_up_once_and_only_when_asked_for():
    looked = []
    later = viewing_as.Later(lambda: looked.append("once"))

    with viewing_as.looking(later):
        assert looked == []
        assert not viewing_as.is_viewing()
        assert viewing_as.current("1") is None

    assert looked == ["once"]


def test_a_lookup_that_fails_is_not_taken_for_no_view_as():
    def find():
        raise ZeroDivisionError

    with viewing_as.looking(viewing_as.Later(find)):
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                viewing_as.current("1")
