"""Real processes, killed where it hurts."""

import signal
import time

import pytest
from django.db import connections

from authmigration import backfill
from authmigration.models import BackfillChunk, SubjectState
from tests.authmigration.rows import legacy_rows

from .crowds import crowd, differing, nobody_lost_nobody_doubled, subjects
from .processes import LEASE, ended, environment, finished, in_the_middle, kill, started, until

pytestmark = pytest.mark.slow
SIZE = 600
SLOWLY = {"BACKFILL_SECONDS_EACH": 0.002}


@pytest.fixture
def slowly(database_url):
    crowd(SIZE)
    return environment(database_url, **SLOWLY)


def test_a_killed_backfill_is_taken_up_within_the_lease(slowly):
    before = legacy_rows()
    with started("child", "authz_backfill", env=slowly) as first:
        until(in_the_middle, first)
        kill(first)
        killed = time.monotonic()
    assert not finished()

    with started("child", "authz_backfill", env=slowly) as second:
        status, written = ended(second)

    assert status == 0, written
    assert f"{SIZE:,} users: " in written
    assert time.monotonic() - killed < LEASE + 0.002 * SIZE + 12  # two starts of Python
    assert nobody_lost_nobody_doubled()
    assert legacy_rows() == before


def test_a_backfill_killed_again_and_again_ends(slowly):
    for _ in range(2):
        with started("child", "authz_backfill", env=slowly) as process:
            seen = SubjectState.objects.count()
            until(lambda seen=seen: SubjectState.objects.count() > seen, process)
            kill(process)

    assert backfill.run().total == SIZE

    assert nobody_lost_nobody_doubled()


def test_a_terminated_backfill_gives_its_chunk_back_at_once(slowly):
    with started("child", "authz_backfill", env={**slowly, "BACKFILL_LEASE": "600"}) as process:
        until(in_the_middle, process)
        kill(process, signal.SIGTERM)
        status, written = ended(process)
    assert status == 128 + signal.SIGTERM, written
    begun = BackfillChunk.objects.get(done_at=None)
    assert (begun.owner, begun.lease_until) == ("", None)

    backfill.run()

    assert nobody_lost_nobody_doubled()


def test_two_backfills_at_once_share_one_run(slowly):
    # So slow that it is at work when the second has started, on a busy machine too; in small
    # chunks, since on SQLite whoever writes a chunk keeps everybody else from writing.
    small = {**slowly, "BACKFILL_CHUNK": "20"}
    with started("child", "authz_backfill", env={**small, "BACKFILL_SECONDS_EACH": "0.03"}) as one:
        until(in_the_middle, one)
        with started("child", "authz_backfill", env=small) as two:
            ends = [ended(one), ended(two)]

    assert [status for status, _ in ends] == [0, 0], ends
    assert {run for (run,) in BackfillChunk.objects.values_list("run")} == {
        BackfillChunk.objects.first().run_id
    }
    assert nobody_lost_nobody_doubled()


@pytest.mark.postgres
def test_a_worker_that_was_thought_dead_stops_when_it_comes_back(slowly):
    with started("child", "authz_backfill", env=slowly) as zombie:
        until(in_the_middle, zombie)
        begun = BackfillChunk.objects.get(done_at=None)
        kill(zombie, signal.SIGSTOP)
        with started("child", "authz_backfill", env=slowly) as other:
            status, written = ended(other)
            assert status == 0, written
        done = BackfillChunk.objects.get(pk=begun.pk)
        kill(zombie, signal.SIGCONT)
        status, written = ended(zombie)

    assert status == 0, written
    assert done.fence > begun.fence
    assert BackfillChunk.objects.get(pk=begun.pk).__dict__ | {"_state": 0} == done.__dict__ | {
        "_state": 0
    }
    assert differing() == []


def test_a_user_who_kills_every_worker_is_quarantined_and_the_others_are_migrated(database_url):
    crowd(150)
    deadly = subjects()[70]
    env = environment(database_url, BACKFILL_DEADLY=deadly, BACKFILL_LEASE=0.3)

    with started("child", "stubbornly", "authz_backfill", env=env) as process:
        status, written = ended(process)

    assert (status, finished()) == (0, True), written
    # The first death names the sub-batch, the second the user, and three more its failures.
    assert "started 6 times" in written
    state = SubjectState.objects.get(subject=deadly)
    assert (state.status, state.reason.partition(":")[0]) == ("quarantined", "WorkerDied")
    assert differing([s for s in subjects() if s != deadly]) == []
    assert SubjectState.objects.exclude(subject=deadly).exclude(generation=1).count() == 0


@pytest.mark.postgres
def test_a_database_that_drops_the_connection_does_not_end_the_backfill(slowly):
    with started("child", "authz_backfill", env=slowly) as process:
        until(in_the_middle, process)
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        status, written = ended(process)

    assert status == 0, written
    assert nobody_lost_nobody_doubled()
