"""Answers that are kept, or made from what is pinned alone, are those of the full way."""

from itertools import product

import pytest

import authmigration
from auth_lib import UnknownPermission
from authmigration import Effect, Stage
from authmigration.errors import UnknownSubject
from authmigration.testing import at_stage
from monolith.courses.authz import STUDENT
from monolith.courses.models import Course
from tests.authmigration import worlds

pytestmark = pytest.mark.django_db

PERMISSIONS = ("course.edit", "course.enrol", "course.withdraw", "grade.edit", "invoice.refund")


@pytest.fixture
def campus():
    """Somebody in each place of the platform, and courses at two schools."""
    north, south = worlds.school(), worlds.school()
    teacher = worlds.user(is_teacher=True)
    people = {
        "teacher": teacher,
        "principal": worlds.user(),
        "barred": worlds.user(),
        "bursar": worlds.user(),
        "superuser": worlds.user(is_superuser=True),
        "gone": worlds.user(is_superuser=True, is_active=False),
        "nobody": worlds.user(),
    }
    courses = [worlds.course(north, owner=teacher), worlds.course(north), worlds.course(south)]
    worlds.staff(people["principal"], north)
    worlds.staff(people["barred"], north)
    worlds.bursar(people["bursar"], south)
    why = {"actor": "a test", "reason": "to be barred"}
    authmigration.assign(people["barred"], STUDENT, courses[0], effect=Effect.REFUSE, **why)
    return people, [*courses, Course.objects.get(pk=courses[2].pk)]


def test_an_answer_from_the_pinned_snapshot_is_the_full_answer(campus):
    people, courses = campus
    questions = list(product(people.values(), PERMISSIONS, courses))
    with at_stage(Stage.ENFORCE):
        full = [authmigration.check(*question) for question in questions]
        with authmigration.pinned() as pin:
            authmigration.prefetch(people.values())
            first = [authmigration.check(*question) for question in questions]
            kept = len(pin.answers)
            again = [authmigration.check(*question) for question in questions]

    assert first == again == full
    assert kept > 0
    assert {decision.allowed for decision in full} == {True, False}


def test_a_row_of_another_table_with_the_key_of_a_user_gets_no_answer_of_that_user(campus):
    people, courses = campus
    impostor = Course(pk=people["superuser"].pk)
    with at_stage(Stage.ENFORCE), authmigration.pinned():
        assert authmigration.check(people["superuser"], "course.edit", courses[0])

        with pytest.raises(UnknownSubject):
            authmigration.check(impostor, "course.edit", courses[0])


def test_what_such_a_row_was_told_is_not_told_to_the_user(campus):
    people, courses = campus
    impostor = Course(pk=people["superuser"].pk)
    with at_stage(Stage.ENFORCE), authmigration.pinned():
        authmigration.prefetch([people["superuser"]])
        with pytest.raises(UnknownSubject):
            authmigration.check(impostor, "course.edit", courses[0])

        assert authmigration.check(people["superuser"], "course.edit", courses[0])


def test_a_course_that_has_moved_since_is_asked_about_anew(campus):
    people, courses = campus
    principal, (own, _, elsewhere, _) = people["principal"], courses
    with at_stage(Stage.ENFORCE), authmigration.pinned():
        assert authmigration.check(principal, "course.edit", own)

        own.school = elsewhere.school

        assert not authmigration.check(principal, "course.edit", own)


def test_a_deferred_column_is_read(campus):
    people, courses = campus
    bare = Course.objects.only("title").get(pk=courses[0].pk)
    with at_stage(Stage.ENFORCE), authmigration.pinned():
        authmigration.prefetch([people["principal"]])

        assert authmigration.check(people["principal"], "course.edit", bare)


def test_a_misspelt_permission_raises_from_the_pinned_snapshot_too(campus):
    people, courses = campus
    with at_stage(Stage.ENFORCE), authmigration.pinned():
        authmigration.check(people["nobody"], "course.edit", courses[0])

        with pytest.raises(UnknownPermission, match=r"course\.edti"):
            authmigration.check(people["nobody"], "course.edti", courses[0])
