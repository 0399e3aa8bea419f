"""What is no subject, no role, no context or too much is refused, and nothing is written."""

import pytest

from auth_lib import Effect, InvalidContext, Role, UnknownRole
from authmigration import assign, unassign
from authmigration.errors import MissingReason, TooManyContexts, UnknownSubject
from monolith.accounts.models import User
from monolith.courses.authz import STUDENT, TA
from monolith.courses.models import Course, Enrolment
from tests.authmigration import worlds
from tests.authmigration.rows import (
    facts,
    legacy_rows,
    outcome,
    state,
    sync,
    toolkit_rows,
)

WHO = {"actor": "test", "reason": "a test"}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"actor": "test"},
        {"reason": "why"},
        {"actor": "test", "reason": " "},
        {"actor": " ", "reason": "why"},
    ],
)
@pytest.mark.parametrize("change", [assign, unassign])
def test_without_who_and_why_nothing_is_changed(anna, algebra, given, change):
    before = legacy_rows(), toolkit_rows()

    with pytest.raises(MissingReason):
        change(anna, STUDENT, algebra, **given)

    assert (legacy_rows(), toolkit_rows()) == before


@pytest.mark.parametrize(
    ("who", "error"),
    [("999999", "No user has the id '999999'"), ("x", "'x' is no id of accounts.User")],
)
def test_a_subject_that_does_not_exist_is_refused(algebra, who, error):
    with pytest.raises(UnknownSubject, match=error):
        assign(who, TA, algebra, **WHO)


def test_somebody_anonymous_is_refused(algebra):
    with pytest.raises(UnknownSubject, match="anonymous"):
        assign(User(), TA, algebra, **WHO)


def test_a_role_that_nobody_declares_is_refused(anna, algebra):
    with pytest.raises(UnknownRole, match="course/tutor"):
        assign(anna, Role("tutor", on="course"), algebra, **WHO)


@pytest.mark.parametrize(
    ("context", "error"),
    [
        (None, "is held in a course; say in which"),
        ("course:999999", "course:999999 does not exist; pass must_exist=False"),
        ("course:x", "'x' is no id of courses.Course"),
        ("", "is no context id"),
    ],
)
def test_a_context_that_is_none_is_refused(anna, context, error):
    with pytest.raises(InvalidContext, match=error):
        assign(anna, TA, context, **WHO)


def test_a_context_of_another_type_is_refused(anna, north):
    with pytest.raises(InvalidContext, match="'ta' is held on 'course', not on school:"):
        assign(anna, TA, north, **WHO)


class TestTheLimitOfContexts:
    @pytest.fixture
    def crowded(self, anna, north):
        courses = Course.objects.bulk_create(
            [Course(title=f"c{n}", code=f"c{n}", school=north) for n in range(612)]
        )
        Enrolment.objects.bulk_create([Enrolment(student=anna, course=each) for each in courses])
        return anna

    def test_a_legacy_user_with_more_is_migrated_whole_and_reported(self, crowded):
        outcome(crowded)

        assert len(facts(crowded)) == 612
        assert state(crowded).contexts == 612

    def test_one_more_is_refused_and_nothing_is_written(self, crowded, algebra):
        sync(crowded)
        before = legacy_rows(), toolkit_rows()

        for role in (STUDENT, TA):
            with pytest.raises(TooManyContexts, match=r"in 613 contexts; the limit is 500"):
                assign(crowded, role, algebra, **WHO)

        assert (legacy_rows(), toolkit_rows()) == before

    def test_one_more_where_something_is_held_already_is_none(self, crowded):
        sync(crowded)

        assert assign(crowded, TA, Enrolment.objects.first().course, **WHO).changed

    def test_a_refusal_in_a_context_that_is_held_is_never_too_much(self, crowded):
        sync(crowded)
        where = Enrolment.objects.first().course

        assert assign(crowded, STUDENT, where, effect=Effect.REFUSE, **WHO).changed

    def test_less_is_always_possible(self, crowded):
        sync(crowded)

        assert unassign(crowded, STUDENT, Enrolment.objects.first().course, **WHO).changed
        assert state(crowded).contexts == 611

    def test_the_last_one_allowed_is_allowed(self, anna, north, settings):
        settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "MAX_CONTEXTS": 2}
        for _ in range(2):
            assign(anna, TA, worlds.course(north), **WHO)

        with pytest.raises(TooManyContexts):
            assign(anna, TA, worlds.course(north), **WHO)
