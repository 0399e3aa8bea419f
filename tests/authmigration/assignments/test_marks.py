"""Which marks a synchronisation consumes."""

from authmigration import assign
from authmigration.assignments import Outcome
from authmigration.models import ChangeMark
from monolith.courses.authz import STUDENT
from tests.authmigration.rows import (
    captured,
    is_fresh,
    mark,
    outcome,
    state,
    sync,
)


def test_a_mark_is_consumed_and_a_mark_of_another_is_not(learner, bert):
    sync(learner, bert)
    mark(learner)
    mark(learner)
    mark(bert)
    stale = is_fresh(learner), is_fresh(bert)

    sync(learner)

    assert stale == (False, False)
    assert (is_fresh(learner), is_fresh(bert)) == (True, False)


def test_a_raised_epoch_makes_everybody_stale_and_each_is_synchronised_alone(learner, bert):
    sync(learner, bert)
    mark(None)
    stale = is_fresh(learner), is_fresh(bert)

    sync(learner)

    assert stale == (False, False)
    assert (is_fresh(learner), is_fresh(bert)) == (True, False)


def test_a_write_of_ones_own_into_legacy_is_followed_once_and_comes_to_rest(anna, algebra):
    """The triggers see it like any other; nothing is written when it is followed."""
    with captured():
        sync(anna)
        assign(anna, STUDENT, algebra, actor="test", reason="a test")
        generation = state(anna).generation
        found = [outcome(anna), outcome(anna)]

        assert found == [Outcome.UNCHANGED, Outcome.UNCHANGED]
        assert is_fresh(anna)
        assert not ChangeMark.objects.filter(subject=str(anna.pk)).exists()
    assert state(anna).generation == generation
