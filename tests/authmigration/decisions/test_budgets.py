"""How many queries a unit of work takes, however much it asks."""

import pytest

from authmigration import (
    Stage,
    assign,
    check,
    filter_queryset,
    is_authorized,
    pinned,
    prefetch,
    roles_of,
)
from authmigration.rollout.overrides import forced
from monolith.courses.authz import TA
from monolith.courses.models import Course
from monolith.gradebook.models import Exercise, Grade
from monolith.lectures.models import Lecture
from tests.authmigration import worlds
from tests.authmigration.rows import sync

pytestmark = pytest.mark.django_db

WHO = {"actor": "test", "reason": "a test"}


@pytest.fixture(autouse=True)
def enforced(settings):
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "ENFORCE_SAMPLE": 0}
    with forced(Stage.ENFORCE):
        yield


@pytest.fixture
def north(db):
    return worlds.school()


@pytest.fixture
def algebra(north):
    return worlds.course(north)


@pytest.fixture
def grade(algebra):
    exercise = Exercise.objects.create(course=algebra, title="one")
    row = Grade.objects.create(exercise=exercise, student=worlds.user(), points=1)
    return Grade.objects.select_related("exercise__course").get(pk=row.pk)


@pytest.fixture
def learner(algebra):
    anna = worlds.user()
    worlds.enrol(anna, algebra)
    sync(anna)
    return anna


@pytest.fixture
def secretary(north):
    bert = worlds.user()
    worlds.staff(bert, north, "secretary")
    sync(bert)
    return bert


def test_a_unit_of_work_reads_a_subject_once_however_often_it_asks(
    learner, algebra, grade, django_assert_num_queries
):
    with django_assert_num_queries(1), pinned():
        for _ in range(20):
            check(learner, "course.view", algebra)
            check(learner, "course.edit", algebra)
            check(learner, "grade.edit", grade)
            is_authorized(learner, "course", algebra.pk, "student")
            roles_of(learner)


def test_without_a_pin_every_question_reads_anew(learner, algebra, django_assert_num_queries):
    with django_assert_num_queries(3):
        for _ in range(3):
            check(learner, "course.view", algebra)


@pytest.mark.parametrize(
    ("type_", "levels"), [("course", 1), ("lecture", 2), ("exercise", 2), ("grade", 3)]
)
def test_by_id_each_level_up_to_the_role_that_is_held_is_one_query_more(
    secretary, algebra, grade, type_, levels, django_assert_num_queries
):
    lecture = Lecture.objects.create(course=algebra, title="one", body="", published=True)
    ids = {
        "course": algebra.pk,
        "lecture": lecture.pk,
        "exercise": grade.exercise_id,
        "grade": grade.pk,
    }

    with django_assert_num_queries(1 + levels), pinned():
        for _ in range(10):
            assert check(secretary, "course.view", f"{type_}:{ids[type_]}")


def test_by_id_nothing_is_looked_up_where_the_role_is_held_on_the_object_itself(
    learner, algebra, django_assert_num_queries
):
    with django_assert_num_queries(1), pinned():
        assert check(learner, "lecture.view", f"course:{algebra.pk}")


def test_by_id_nothing_is_looked_up_for_who_holds_roles_on_the_platform_alone(
    algebra, django_assert_num_queries
):
    boss = worlds.user(is_superuser=True)
    sync(boss)

    with django_assert_num_queries(1), pinned():
        assert check(boss, "course.edit", f"course:{algebra.pk}")


def test_a_parent_that_was_looked_up_is_known_for_the_rest_of_the_unit_of_work(
    secretary, north, django_assert_num_queries
):
    other = worlds.user()
    worlds.staff(other, north)
    sync(other)
    algebra = worlds.course(north)

    with django_assert_num_queries(3), pinned():
        for who in (secretary, other):
            assert check(who, "course.view", f"course:{algebra.pk}")


def test_many_subjects_are_read_at_once(algebra, django_assert_num_queries):
    people = [worlds.user() for _ in range(40)]
    for who in people:
        worlds.enrol(who, algebra)
    sync(*people, bulk=True)

    with django_assert_num_queries(1), pinned():
        prefetch(people)
        assert all(check(who, "course.view", algebra) for who in people)


def test_a_prefetch_asks_nothing_of_those_who_are_pinned(
    learner, secretary, django_assert_num_queries
):
    with pinned():
        prefetch([learner])
        with django_assert_num_queries(0):
            prefetch([learner])
        with django_assert_num_queries(1):
            prefetch([learner, secretary])


def test_a_prefetch_without_a_pin_would_be_lost_and_asks_nothing(
    learner, django_assert_num_queries
):
    with django_assert_num_queries(0):
        prefetch([learner])


@pytest.mark.parametrize("kind", ["learner", "secretary", "teaching assistant", "nobody"])
def test_a_list_is_one_query(
    algebra,
    learner,
    secretary,
    kind,
    django_assert_num_queries,
    django_assert_max_num_queries,
):
    people = {"learner": learner, "secretary": secretary, "nobody": worlds.user()}
    people["teaching assistant"] = worlds.user()
    assign(people["teaching assistant"], TA, algebra, **WHO)
    who = people[kind]
    sync(who)

    with pinned():
        prefetch([who])
        with django_assert_num_queries(1):
            list(filter_queryset(who, "course.view", Course.objects.all()))
        with django_assert_max_num_queries(1):  # none where nobody needs to be asked
            list(filter_queryset(who, "grade.view", Grade.objects.all()))


def test_a_list_has_no_join_and_no_duplicates(secretary, north):
    for _ in range(3):
        worlds.course(north, is_public=True)

    rows = filter_queryset(secretary, "course.view", Course.objects.all())

    assert "JOIN" not in str(rows.query).upper()
    assert len(list(rows)) == 3


def test_a_list_stays_a_queryset(secretary, north):
    first, second = worlds.course(north), worlds.course(north)

    rows = filter_queryset(secretary, "course.view", Course.objects.all())

    assert list(rows.order_by("-pk")) == [second, first]
    assert rows.filter(pk=first.pk).count() == 1
    assert rows.exclude(pk=first.pk).first() == second
