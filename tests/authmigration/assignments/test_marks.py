"""Which marks a synchronisation consumes."""

from tests.authmigration.rows import (
    is_fresh,
    mark,
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
