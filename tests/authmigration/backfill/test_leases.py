"""A chunk has one holder at a time, and only the holder writes to it."""

import threading

import pytest
from django.db import connection

from authmigration.backfill import leases, runs
from authmigration.backfill.counts import Counts
from authmigration.backfill.leases import LeaseLost
from authmigration.models import BackfillChunk

from .crowds import crowd, subjects

pytestmark = pytest.mark.django_db(transaction=True)
HOLDING = {"using": "default"}


def lease(run, size=10):
    return runs.lease(run, using="default", size=size)


def opened():
    return runs.open_run(using="default")


def let_expire():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE authmigration_backfillchunk SET lease_until = '2020-01-01 00:00:00'")


def row(found):
    return BackfillChunk.objects.values().get(pk=found.chunk)


def test_a_held_chunk_is_given_to_nobody_else():
    crowd(30)
    run = opened()

    taken = [lease(run), lease(run), lease(run)]

    assert len({each.chunk for each in taken}) == 3
    assert lease(run) is None


def test_an_expired_chunk_is_given_to_the_next_before_a_new_one_is_cut():
    crowd(30)
    run = opened()
    first = lease(run)
    let_expire()

    second = lease(run)

    assert second.chunk == first.chunk
    assert (second.fence, second.attempts) == (first.fence + 1, first.attempts + 1)


def test_whoever_comes_next_goes_on_where_the_last_one_stopped():
    crowd(30)
    run = opened()
    first = lease(run)
    leases.move(first, subjects()[4], Counts(migrated=5), **HOLDING)
    let_expire()

    second = lease(run)

    assert (second.reached, second.attempts) == (subjects()[4], 2)
    assert row(second)["migrated"] == 5


@pytest.mark.parametrize(
    "write",
    [
        lambda lost: leases.complete(lost, **HOLDING),
        lambda lost: leases.move(lost, lost.last, Counts(migrated=10), **HOLDING),
        lambda lost: leases.release(lost, **HOLDING),
    ],
)
def test_whoever_lost_the_fence_writes_nothing_more(write):
    crowd(30)
    run = opened()
    zombie = lease(run)
    let_expire()
    current = lease(run)
    before = row(current)

    with pytest.raises(LeaseLost):
        write(zombie)

    assert row(current) == before
    leases.complete(current, **HOLDING)


def test_a_chunk_that_is_done_is_written_by_nobody():
    crowd(5)
    run = opened()
    held = lease(run)
    leases.complete(held, **HOLDING)

    with pytest.raises(LeaseLost):
        leases.move(held, held.last, Counts(migrated=1), **HOLDING)

    assert lease(run) is None


def test_a_chunk_that_is_given_back_counts_no_attempt():
    crowd(5)
    run = opened()
    leases.release(lease(run), **HOLDING)

    again = lease(run)

    assert (again.fence, again.attempts) == (2, 1)


def test_a_lease_runs_on_the_clock_of_the_database(settings):
    crowd(5)
    run = opened()
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "LEASE_SECONDS": 0.3}
    held = lease(run)
    assert lease(run) is None

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    threading.Event().wait(0.4)

    assert lease(run).chunk == held.chunk


def test_a_moved_lease_lasts_from_then_on(settings):
    crowd(5)
    run = opened()
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "LEASE_SECONDS": 0.5}
    held = lease(run)
    threading.Event().wait(0.3)
    leases.move(held, held.first, Counts(migrated=1), **HOLDING)
    threading.Event().wait(0.3)

    assert lease(run) is None
