"""One thing has one id, however its number is written: a refusal is not evaded by a zero."""

import pytest

from auth_lib import Context, Effect, InvalidContext
from authmigration import Stage, assign, check, is_authorized, pinned, who_can
from authmigration.errors import UnknownSubject
from authmigration.models import Assignment, SubjectState
from authmigration.rollout import cohorts
from authmigration.subjects import by_id, id_of
from authmigration.testing import at_stage
from monolith.courses.authz import TA, TEACHER
from tests.authmigration import worlds
from tests.authmigration.rows import sync

pytestmark = pytest.mark.django_db(transaction=True)

ACT = {"actor": "a test", "reason": "to be seen"}


@pytest.fixture
def principal(school, anna):
    worlds.staff(anna, school)
    return anna


@pytest.fixture(params=["0{}", "00{}", "+{}"])
def written(request):
    return request.param.format


def test_a_refusal_is_found_whatever_the_text_of_the_id(principal, algebra, written, enforced):
    assign(principal, TEACHER, algebra, effect=Effect.REFUSE, **ACT)
    assert not check(principal, "course.enrol", algebra)
    assert not check(principal, "course.enrol", f"course:{written(algebra.pk)}")
    assert not check(principal, "course.enrol", Context("course", written(algebra.pk)))
    assert not is_authorized(principal, "course", written(algebra.pk), "teacher")


def test_a_refusal_holds_whatever_the_text_it_was_made_with(principal, algebra, written, enforced):
    assign(principal, TEACHER, f"course:{written(algebra.pk)}", effect=Effect.REFUSE, **ACT)
    assert not check(principal, "course.enrol", algebra)
    assert list(Assignment.objects.values_list("context_id", flat=True).filter(role="teacher")) == [
        str(algebra.pk)
    ]


def test_a_grant_is_found_whatever_the_text_of_the_id(anna, algebra, written, enforced):
    assign(anna, TA, written(algebra.pk), **ACT)
    assert is_authorized(anna, "course", algebra.pk, "ta")
    assert is_authorized(anna, "course", written(algebra.pk), "ta")


def test_a_user_is_one_subject_whatever_the_text_of_its_id(anna, algebra, written, enforced):
    assign(written(anna.pk), TA, algebra, **ACT)
    assert by_id(written(anna.pk)).id == id_of(written(anna.pk)) == str(anna.pk)
    assert check(written(anna.pk), "grade.edit", algebra)
    assert str(anna.pk) in who_can("grade.edit", algebra).subjects
    assert list(SubjectState.objects.values_list("subject", flat=True)) == [str(anna.pk)]


def test_a_cohort_is_found_whatever_the_text_of_its_id(anna, school, written):
    assert cohorts.parsed(f"user:{written(anna.pk)}") == f"subject:{anna.pk}"
    assert cohorts.parsed(f"school:{written(school.pk)}") == f"unit:school:{school.pk}"


def test_an_id_that_no_row_can_have_is_denied_and_no_error(anna, enforced):
    sync(anna)
    with pinned():
        assert not check(anna, "grade.edit", "course:seven")


@pytest.mark.parametrize("stage", Stage)
def test_a_number_is_no_user_and_is_not_taken_for_somebody_anonymous(anna, algebra, stage):
    with at_stage(stage), pytest.raises(UnknownSubject, match="pass a user"):
        check(anna.pk, "course.view", algebra)


def test_a_row_of_another_table_is_no_user(algebra, enforced):
    with pytest.raises(UnknownSubject, match="Course"):
        check(algebra, "course.view", algebra)


def test_an_object_in_place_of_an_id_is_refused_with_the_mend(anna, algebra, enforced):
    with pytest.raises(InvalidContext, match="pk"):
        is_authorized(anna, "course", algebra, "teacher")
