"""What holds while the tables of the toolkit cannot be read and those of the platform can."""

import pytest
from django.db import OperationalError, transaction

from auth_lib import Effect
from authmigration import Stage, assign, check, filter_queryset, is_authorized, pinned, prefetch
from authmigration.rollout.overrides import forced
from authmigration.stages import set_stage
from monolith.courses.authz import STUDENT, TA
from monolith.courses.models import Course
from monolith.gradebook.models import Exercise, Grade
from tests.authmigration import worlds
from tests.authmigration.crashing import Broken
from tests.authmigration.rows import captured, sync

pytestmark = pytest.mark.django_db(transaction=True)

WHO = {"actor": "test", "reason": "a test"}


@pytest.fixture
def enforced(learner):
    sync(learner)
    with forced(Stage.ENFORCE):
        yield


@pytest.fixture
def grade(algebra):
    exercise = Exercise.objects.create(course=algebra, title="one")
    return Grade.objects.create(exercise=exercise, student=worlds.user(), points=1)


def asks(how, who, course):
    """Ask for one and the same thing in one of the ways there are."""
    if how == "list":
        return filter_queryset(who, "course.view", Course.objects.all()).exists()
    if how == "role":
        return is_authorized(who, "course", course.pk, "student").allowed
    return check(who, "course.view", course).allowed


def unreadable(table="authmigration_subjectstate"):
    return Broken(table).planted()


def test_legacy_answers(learner, algebra, enforced):
    with unreadable():
        found = check(learner, "course.view", algebra)

    assert (found.allowed, found.world) == (True, "legacy")


def test_a_prefetch_leaves_everybody_to_legacy(learner, algebra, enforced):
    with pinned(), unreadable():
        prefetch([learner])
        found = check(learner, "course.view", algebra)

    assert (found.allowed, found.world) == (True, "legacy")


@pytest.mark.parametrize("asked", ["check", "role", "list", "prefetched"])
def test_whoever_is_barred_in_the_new_world_stays_out(learner, algebra, enforced, asked):
    """Legacy knows nothing of it, and would let them in."""
    assign(learner, STUDENT, algebra, effect=Effect.REFUSE, **WHO)

    with pinned(), unreadable():
        if asked == "prefetched":
            prefetch([learner])
        assert not asks(asked, learner, algebra)


def test_native_grants_stay(learner, algebra, grade, enforced):
    assign(learner, TA, algebra, **WHO)

    with unreadable():
        assert check(learner, "grade.edit", grade)


@pytest.mark.parametrize("asked", ["check", "role", "list", "prefetched"])
def test_where_not_even_those_can_be_read_nobody_gets_in(learner, algebra, enforced, asked):
    with pinned(), unreadable("authmigration_"):
        if asked == "prefetched":
            prefetch([learner])
        assert not asks(asked, learner, algebra)


def test_then_not_even_what_is_public_is_shown(learner, algebra, enforced):
    """Whoever is barred is barred from that as well, and who is barred cannot be known."""
    Course.objects.update(is_public=True)
    algebra.refresh_from_db()
    assert check(worlds.user(), "course.view", algebra)

    with unreadable("authmigration_"):
        assert not check(learner, "course.view", algebra)


def test_a_kill_lets_legacy_answer_all_the_same(learner, algebra, enforced):
    with forced(Stage.OFF), unreadable("authmigration_"):
        assert check(learner, "course.view", algebra)


def test_nobody_is_left_to_legacy_once_somebody_may_be_retired(learner, algebra):
    """Whose state cannot be read may be one of them, for whom the old answers are dead."""
    other = worlds.user()
    for who in (learner, other):
        sync(who)
    with captured():
        for stage in (Stage.ENFORCE, Stage.RETIRED):
            set_stage(f"user:{other.pk}", stage, **WHO)

        with forced(Stage.ENFORCE), unreadable():
            assert not check(learner, "course.view", algebra)


def test_behind_the_point_of_no_return_nobody_may_do_anything(learner, algebra):
    sync(learner)
    with forced(Stage.RETIRED), unreadable():
        found = check(learner, "course.view", algebra)

    assert (found.allowed, found.world) == (False, "central")


def test_inside_a_transaction_the_error_is_the_callers_to_see(learner, algebra, enforced):
    with transaction.atomic(), unreadable(), pytest.raises(OperationalError):
        check(learner, "course.view", algebra)
