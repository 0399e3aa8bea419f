"""What a request reads: state and facts of some subjects in one statement."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from auth_lib import Context, Effect, Fact
from authmigration.models import Assignment
from authmigration.selectors import NO_BEGINNING, load
from tests.authmigration import rows

pytestmark = pytest.mark.django_db

MAY = datetime(2026, 5, 1, 8, 30, 15, 250_000, tzinfo=UTC)


def hold(subject="7", **columns):
    held = {"context_type": "course", "context_id": "42", "role": "ta", "valid_from": NO_BEGINNING}
    return Assignment.objects.create(subject=subject, **{**held, **columns})


def only_fact(subject="7"):
    (sourced,) = load([subject], using="default")[subject].facts
    return sourced


def test_a_fact_comes_back_as_it_was_stored_with_its_source_and_its_row():
    row = hold(source="courses.Enrolment", valid_from=MAY, valid_until=MAY + timedelta(days=1))

    sourced = only_fact()

    assert sourced.fact == Fact(
        "ta", Context("course", "42"), Effect.GRANT, MAY, MAY + timedelta(days=1)
    )
    assert (sourced.source, sourced.row) == ("courses.Enrolment", row.pk)


def test_a_fact_without_beginning_or_end_has_none():
    hold()

    assert only_fact().fact == Fact("ta", Context("course", "42"))


def test_a_refusal_is_one():
    hold(effect=Effect.REFUSE)

    assert only_fact().fact.effect is Effect.REFUSE


@pytest.mark.parametrize("context_id", ['say "no"', "back\\slash", "Zoë", "{1,2}", "null"])
def test_an_id_comes_back_letter_by_letter(context_id):
    hold(context_id=context_id)

    assert only_fact().fact.context.id == context_id


def test_several_subjects_are_read_in_one_statement_each_with_its_own():
    hold("7", role="ta")
    hold("7", role="student")
    hold("8", role="guest")
    with CaptureQueriesContext(connection) as captured:
        found = load(["7", "8", "9"], using="default")

    assert len(captured) == 1
    roles = {subject: sorted(s.fact.role for s in one.facts) for subject, one in found.items()}
    assert roles == {"7": ["student", "ta"], "8": ["guest"], "9": []}


def test_one_subject_is_read_as_several_are(django_user_model):
    anna = django_user_model.objects.create(username="anna")
    hold(str(anna.pk))
    rows.sync(anna)
    rows.mark(anna)
    alone = load([str(anna.pk)], using="default")[str(anna.pk)]
    among_others = load([str(anna.pk), "0"], using="default")[str(anna.pk)]

    assert alone.state == among_others.state is not None
    assert alone.facts == among_others.facts != ()
    assert alone.marked
    assert among_others.marked


def test_nobody_asked_for_is_nobody_read():
    assert load([], using="default") == {}
