"""Generations in a real Redis: they only rise, and what is missing is unknown."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis

import auth_lib
from auth_lib import Freshness, NotConfigured
from auth_lib.configured import instead
from auth_lib.contrib.redis import (
    GenerationPublisher,
    RedisGenerations,
    generation_key,
    renewal_key,
)
from auth_lib.freshness import UNKNOWN

pytestmark = pytest.mark.redis


@pytest.fixture
def client(redis_url):
    with Redis.from_url(redis_url) as found:
        yield found


@pytest.fixture
def pair(client, unique_name):
    yield (
        RedisGenerations(client, prefix=unique_name),
        GenerationPublisher(client, prefix=unique_name, kept=60),
    )
    client.delete(generation_key(unique_name, "7"), renewal_key(unique_name))


def test_what_is_published_is_found(pair):
    source, publisher = pair

    assert publisher.publish("7", 3)
    assert source.look("7") == Freshness(3, 0)


def test_a_missing_key_is_unknown_and_never_fresh(pair):
    assert pair[0].look("7").generation is None


def test_a_number_only_rises_whatever_the_order_of_its_publishers(pair):
    source, publisher = pair
    with ThreadPoolExecutor(8) as threads:
        news = list(threads.map(lambda n: publisher.publish("7", n), [5, 3, 9, 1, 9, 2, 8]))

    assert source.look("7").generation == 9
    assert any(news)
    assert not publisher.publish("7", 9)
    assert not publisher.publish("7", 8)


def test_a_number_goes_when_no_token_of_its_time_lives(pair, client, unique_name):
    pair[1].publish("7", 3)

    assert 0 < client.ttl(generation_key(unique_name, "7")) <= 60


def test_a_renewal_is_seen_for_every_subject(pair):
    source, publisher = pair
    publisher.renew_from(1_800_000_000)

    assert source.look("anybody").renewed_from == 1_800_000_000


def test_what_is_no_number_is_unknown(pair, client, unique_name):
    client.set(generation_key(unique_name, "7"), "three", ex=60)

    assert pair[0].look("7") == UNKNOWN


def test_a_redis_that_is_gone_is_unknown_and_asked_again_after_a_pause():
    now = [0.0]
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    gone = RedisGenerations.from_url(f"redis://127.0.0.1:{port}")
    gone._clock = lambda: now[0]

    assert gone.would_wait("7")
    assert gone.look("7") == UNKNOWN
    assert not gone.would_wait("7")
    now[0] = 5.0
    assert gone.would_wait("7")


def test_a_redis_that_hangs_costs_one_timeout():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        source = RedisGenerations.from_url(f"redis://127.0.0.1:{port}", timeout=0.1)
        begin = time.monotonic()
        found = [source.look("7") for _ in range(20)]

    assert found == [UNKNOWN] * 20
    assert time.monotonic() - begin < 2


def test_a_source_is_set_up_from_the_environment(monkeypatch, redis_url):
    monkeypatch.setenv("AUTH_LIB_REDIS_URL", redis_url)
    with instead(None):
        gate = auth_lib.configure(issuer="i", audience="a", secret="x" * 40)
        assert gate.generations.look("nobody at all").generation is None

        monkeypatch.setenv("AUTH_LIB_REDIS_URL", "no://redis")
        with pytest.raises(NotConfigured, match="AUTH_LIB_REDIS_URL"):
            auth_lib.configure(issuer="i", audience="a", secret="x" * 40)
