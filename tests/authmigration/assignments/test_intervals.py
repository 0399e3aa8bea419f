"""When an assignment begins and ends, and what of that the legacy tables can hold."""

from datetime import UTC, datetime, timedelta

from django.db import transaction

from authmigration import Stage, assign, check
from authmigration.rollout.overrides import forced
from monolith.courses.authz import STUDENT, TA
from monolith.courses.models import Enrolment
from tests.authmigration.rows import (
    state,
)

WHO = {"actor": "test", "reason": "a test"}


ENDS = datetime(2031, 1, 1, tzinfo=UTC)


def test_an_end_is_written_into_the_column_of_ends(anna, algebra):
    assign(anna, STUDENT, algebra, valid_until=ENDS, **WHO)

    assert Enrolment.objects.get().ends_at == ENDS


def test_another_end_is_a_change(anna, algebra):
    assign(anna, STUDENT, algebra, valid_until=ENDS, **WHO)
    done = assign(anna, STUDENT, algebra, valid_until=ENDS + timedelta(days=1), **WHO)
    without = assign(anna, STUDENT, algebra, **WHO)

    assert (done.changed, without.changed) == (True, True)
    assert [row.ends_at for row in Enrolment.objects.all()] == [None]
    assert state(anna).generation == 3


def test_a_beginning_that_legacy_cannot_hold_is_native(anna, algebra):
    done = assign(anna, STUDENT, algebra, valid_from=ENDS, **WHO)

    assert "has no column for valid_from" in done.not_representable
    assert not Enrolment.objects.exists()


def test_what_begins_later_does_not_stand_in_the_way_of_what_begins_now(anna, algebra):
    assign(anna, TA, algebra, valid_from=ENDS, **WHO)

    now = assign(anna, TA, algebra, **WHO)
    later = assign(anna, TA, algebra, valid_from=ENDS, **WHO)

    assert (now.changed, later.changed) == (True, False)
    with forced(Stage.ENFORCE), transaction.atomic():
        assert check(anna, "grade.edit", f"course:{algebra.pk}")
