"""Counted in the process, appended to a log, added up: nothing is lost, nothing counted twice."""

import pytest
from django.db import DatabaseError, transaction

from authmigration import counters
from authmigration.models import Counter, CounterDelta
from tests.authmigration.threads import together

pytestmark = pytest.mark.django_db


def value(name="lazy"):
    return counters.values(name, using="default")


def test_what_is_counted_is_in_the_database_after_a_flush():
    counters.tally("lazy", "migrated")
    counters.tally("lazy", "migrated", 2)
    counters.tally("lazy", "busy")
    before = value()

    assert counters.flush(using="default") == 2
    assert (before, value()) == ({}, {"migrated": 3, "busy": 1})


def test_a_flush_appends_and_changes_no_row():
    for _ in range(3):
        counters.tally("lazy", "migrated")
        counters.flush(using="default")

    assert [each.delta for each in CounterDelta.objects.all()] == [1, 1, 1]
    assert not Counter.objects.exists()


def test_a_flush_of_nothing_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert counters.flush(using="default") == 0


def test_a_flush_that_is_not_due_waits(monkeypatch):
    counters.flush(using="default")
    counters.tally("lazy", "migrated")

    soon = counters.flush(using="default", at_once=False)
    monkeypatch.setattr(counters._tallies, "flushed", counters._tallies.flushed - 10)
    later = counters.flush(using="default", at_once=False)

    assert (soon, later) == (0, 1)


def test_what_could_not_be_written_is_kept(monkeypatch):
    counters.tally("lazy", "migrated")

    def refuse(*_, **__):
        raise DatabaseError("full")

    with monkeypatch.context() as patch:
        patch.setattr(type(CounterDelta.objects.all()), "bulk_create", refuse)
        with pytest.raises(DatabaseError):
            counters.flush(using="default")
    counters.flush(using="default")

    assert value() == {"migrated": 1}


def test_rolling_up_keeps_every_value():
    for label in ("migrated", "busy", "migrated"):
        counters.tally("lazy", label)
        counters.flush(using="default")
    before = value()

    assert counters.roll_up(using="default") == 3
    assert value() == before == {"migrated": 2, "busy": 1}
    assert not CounterDelta.objects.exists()
    assert {str(row) for row in Counter.objects.all()} == {"lazy/busy: 1", "lazy/migrated: 2"}


def test_rolling_up_again_counts_nothing_twice():
    counters.tally("lazy", "migrated")
    counters.flush(using="default")
    counters.roll_up(using="default")
    counters.tally("lazy", "migrated", 4)
    counters.flush(using="default")

    assert (counters.roll_up(using="default"), counters.roll_up(using="default")) == (1, 0)
    assert value() == {"migrated": 5}


def test_a_roll_up_that_is_rolled_back_loses_nothing():
    counters.tally("lazy", "migrated")
    counters.flush(using="default")

    with transaction.atomic():
        counters.roll_up(using="default")
        transaction.set_rollback(True)

    assert value() == {"migrated": 1}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_several_roll_ups_at_once_lose_and_double_nothing():
    CounterDelta.objects.bulk_create(
        [CounterDelta(name="lazy", label="migrated", delta=1) for _ in range(200)]
    )

    together(*[lambda: counters.roll_up(using="default")] * 4)

    assert value() == {"migrated": 200}
