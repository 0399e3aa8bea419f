"""Real workers on real brokers: whoever dies and whatever is lost, everybody is migrated once."""

import pytest

from authmigration.models import BackfillChunk, BackfillRun
from tests.authmigration.rows import legacy_rows

from .brokers import broker
from .crowds import crowd, nobody_lost_nobody_doubled
from .processes import ended, environment, in_the_middle, kill, started, until

pytestmark = pytest.mark.slow
SIZE = 500
ON_REDIS = pytest.param("redis_url", marks=pytest.mark.redis)
ON_RABBITMQ = pytest.param("rabbitmq_url", marks=pytest.mark.rabbitmq)
WORKER = ("worker", "--concurrency=1", "--loglevel=WARNING", "--without-mingle", "--without-gossip")


@pytest.fixture(params=[ON_REDIS, ON_RABBITMQ])
def own_broker(request, unique_name):
    with broker(request.getfixturevalue(request.param), unique_name) as own:
        yield own


def worker(own):
    return (*WORKER, f"--hostname={own.queue}@%h")


def env_of(database_url, own, **more):
    return environment(database_url, MONOLITH_BROKER_URL=own.url, BACKFILL_QUEUE=own.queue, **more)


def test_a_killed_worker_is_replaced_and_nobody_is_lost(database_url, own_broker):
    crowd(SIZE)
    before = legacy_rows()
    env = env_of(database_url, own_broker, BACKFILL_SECONDS_EACH=0.002)
    with started("child", "authz_backfill", "--celery", "--workers=1", env=env) as command:
        with started("worker", *worker(own_broker), env=env) as first:
            until(in_the_middle, first)
            kill(first)
        done = BackfillChunk.objects.exclude(done_at=None).count()
        with started("worker", *worker(own_broker), env=env):
            status, written = ended(command)

    assert status == 0, written
    assert f"{SIZE} users: " in written
    assert done < BackfillChunk.objects.count()
    assert nobody_lost_nobody_doubled()
    assert legacy_rows() == before


@pytest.mark.parametrize("own_broker", [ON_REDIS], indirect=True)
def test_a_broker_that_loses_its_messages_loses_nobody(database_url, own_broker):
    crowd(100)
    env = env_of(database_url, own_broker, BACKFILL_LEASE=1.5)
    with started("child", "authz_backfill", "--celery", "--workers=2", env=env) as command:
        until(lambda: own_broker.waiting() >= 2, command)
        own_broker.lose_everything()
        assert own_broker.waiting() == 0
        with started("worker", *worker(own_broker), env=env):
            status, written = ended(command)

    assert status == 0, written
    assert "the messages are sent again" in written
    assert BackfillRun.objects.get().wave > 1
    assert nobody_lost_nobody_doubled()
