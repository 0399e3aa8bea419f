"""Many people, many counts, many loops: a bound on what each costs."""

import pytest
from asgiref.sync import async_to_sync

from authmigration import (
    Stage,
    acheck,
    arequire,
    assign,
    check,
    counters,
    pinned,
    prefetch,
)
from authmigration.errors import UnknownSubject
from authmigration.lazy_migration import on_access
from authmigration.models import CounterDelta, SubjectState
from authmigration.rollout.overrides import forced
from authmigration.snapshots import snapshot
from monolith.courses.authz import TA
from monolith.courses.models import Course
from monolith.lectures.models import Lecture
from tests.authmigration import worlds
from tests.authmigration.rows import events, know_the_mapping, mark, sync

pytestmark = pytest.mark.django_db(transaction=True)

ACT = {"actor": "a test", "reason": "to be seen"}


@pytest.fixture
def thirty(school):
    people = [worlds.user() for _ in range(30)]
    know_the_mapping()
    return people


@pytest.fixture
def shadowed():
    with forced(Stage.SHADOW):
        yield


def test_thirty_first_accesses_of_one_page_are_one_transaction(
    thirty, algebra, enforced, django_assert_max_num_queries
):
    worlds.enrol(thirty[7], algebra)
    with pinned():
        with django_assert_max_num_queries(30):
            prefetch(thirty)
        with django_assert_max_num_queries(0):
            assert [bool(check(who, "lecture.view", algebra)) for who in thirty].index(True) == 7
    assert SubjectState.objects.filter(status="migrated").count() == 30
    assert events(thirty[0]) == ["migrate"]


def test_no_more_than_some_are_migrated_in_one_transaction(thirty, enforced, monkeypatch):
    seen = []
    real = on_access.synchronise

    def watched(subjects, **how):
        seen.append(len(subjects))
        return real(subjects, **how)

    monkeypatch.setattr(on_access, "synchronise", watched)
    monkeypatch.setattr(on_access, "MOST_TOGETHER", 12)
    with pinned():
        prefetch(thirty)
    assert seen == [12, 12, 6]


def test_those_who_are_up_to_date_are_left_alone(thirty, enforced, monkeypatch):
    sync(*thirty)
    mark(thirty[3])
    seen = []
    real = on_access.synchronise
    monkeypatch.setattr(
        on_access, "synchronise", lambda s, **how: seen.append(list(s)) or real(s, **how)
    )
    with pinned():
        prefetch(thirty)
    assert seen == [[str(thirty[3].pk)]]


def test_one_who_cannot_be_stored_leaves_the_others_to_legacy_and_is_found_alone(
    thirty, enforced, monkeypatch
):
    real = on_access.synchronise
    poison = str(thirty[5].pk)

    def failing(subjects, **how):
        if poison in subjects:
            raise ValueError("too long")
        return real(subjects, **how)

    monkeypatch.setattr(on_access, "synchronise", failing)
    with pinned():
        prefetch(thirty)
    assert not SubjectState.objects.exists()
    with pinned():
        for who in thirty[:10]:
            check(who, "course.edit", Course(pk=1))
    assert SubjectState.objects.get(subject=poison).status == "failing"
    assert SubjectState.objects.filter(status="migrated").count() == 9


def test_thirty_ids_are_read_at_once(thirty, enforced, django_assert_num_queries):
    sync(*thirty)
    with pinned():
        with django_assert_num_queries(2):
            prefetch([str(who.pk) for who in thirty])
        with django_assert_num_queries(0):
            assert not check(thirty[0], "course.edit", Course(pk=1, school_id=1))


def test_an_id_of_nobody_is_named(thirty, enforced):
    with pinned(), pytest.raises(UnknownSubject, match="4711"):
        prefetch([thirty[0], "4711"])


def test_more_deltas_than_one_statement_takes_are_rolled_up(db, monkeypatch):
    monkeypatch.setattr(counters, "AT_ONCE", 40)
    CounterDelta.objects.bulk_create(
        CounterDelta(name="checks", label="equal", delta=2) for _ in range(101)
    )
    assert counters.roll_up(using="default") == 101
    assert counters.values("checks", using="default") == {"equal": 202}
    assert not CounterDelta.objects.exists()


class TestInALoop:
    """Questions of a coroutine whose subject is pinned."""

    def asked(self, ask, *question):
        async def go():
            with pinned():
                await acheck(question[0], "school.view", "platform:-")  # pins
                return await ask(*question)

        return async_to_sync(go)()

    def test_a_parent_is_looked_up_for_a_question_by_id(self, anna, school, algebra, enforced):
        worlds.staff(anna, school)
        assert self.asked(acheck, anna, "course.enrol", f"course:{algebra.pk}")
        assert self.asked(arequire, anna, "course.enrol", f"course:{algebra.pk}")

    def test_what_is_open_by_a_condition_is_looked_up(self, anna, school, enforced):
        public = worlds.course(school, is_public=True)
        assert self.asked(acheck, anna, "course.view", f"course:{public.pk}")

    def test_old_and_new_are_compared_outside_the_loop(
        self, anna, algebra, enforced, monkeypatch, caplog
    ):
        monkeypatch.setattr(snapshot, "is_compared", lambda *_: True)
        assign(anna, TA, algebra, **ACT)
        assert self.asked(acheck, anna, "grade.edit", algebra)
        assert not [record for record in caplog.records if "failed" in record.message]


class TestManyObjects:
    """Rows whose related rows are not loaded, asked about by somebody who holds a role above."""

    @pytest.fixture
    def lectures(self, algebra):
        rows = [Lecture(course=algebra, title=f"{n}") for n in range(20)]
        Lecture.objects.bulk_create(rows)
        return list(Lecture.objects.order_by("pk"))

    @pytest.fixture
    def bursar(self, anna, school):
        worlds.bursar(anna, school)
        sync(anna)
        return anna

    def test_what_lies_above_them_is_looked_up_once(
        self, bursar, lectures, enforced, django_assert_num_queries
    ):
        with pinned(), django_assert_num_queries(2):
            assert all(check(bursar, "school.view", lecture) for lecture in lectures)

    def test_a_related_row_that_is_loaded_is_not_looked_up(
        self, bursar, lectures, enforced, django_assert_num_queries
    ):
        (one,) = Lecture.objects.select_related("course")[:1]
        with pinned(), django_assert_num_queries(1):
            assert check(bursar, "school.view", one)

    def test_a_related_row_as_it_is_loaded_counts(self, bursar, lectures, enforced):
        (one,) = Lecture.objects.select_related("course")[:1]
        with pinned():
            assert check(bursar, "school.view", one)
            one.course.school = worlds.school()
            assert not check(bursar, "school.view", one)

    def test_a_row_that_is_not_saved_has_what_lies_above_it(self, bursar, algebra, enforced):
        with pinned():
            assert check(bursar, "school.view", Lecture(course_id=algebra.pk))
            assert check(bursar, "school.view", Lecture(course=algebra))
            assert not check(bursar, "school.view", Lecture())
