"""Servers of our own start and stop, and what is missing is named."""

import time
from collections import Counter
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from tests.services import postgres_server, processes, rabbitmq_server, redis_server
from tests.services.closing import not_run, reason_to_skip

no_postgres = pytest.mark.skipif(
    not postgres_server.binaries(), reason=reason_to_skip(postgres_server)
)
no_redis = pytest.mark.skipif(not redis_server.binary(), reason=reason_to_skip(redis_server))


@no_postgres
def test_a_postgres_of_our_own_lets_make_databases_and_stops_under_an_open_connection():
    with postgres_server.started() as url:
        server = url.removesuffix(postgres_server.DATABASE) + "postgres"
        connection = psycopg.connect(server, autocommit=True)
        connection.execute("CREATE DATABASE mine")

    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()
    assert not processes.listens(urlsplit(url).port)


@no_redis
def test_a_redis_of_our_own_answers_and_stops():
    with redis_server.started() as url, redis.Redis.from_url(url) as client:
        assert client.ping()

    assert not processes.listens(urlsplit(url).port)


def test_a_server_is_used_when_it_is_ready_and_not_before(tmp_path):
    answers = [True, False, False]
    with processes.running(["/bin/sleep", "60"], answers.pop, tmp_path / "log"):
        assert answers == []


def test_a_server_that_does_not_start_shows_its_log_at_once(tmp_path):
    begin = time.monotonic()
    command = ["/bin/sh", "-c", "echo no licence; exit 3"]
    server = processes.running(command, lambda: False, tmp_path / "log")

    with pytest.raises(processes.ServerDidNotStartError, match="no licence"), server:
        pytest.fail("the block ran without a server")

    assert time.monotonic() - begin < processes.START_SECONDS / 2


@pytest.mark.parametrize(
    ("module", "variable", "url"),
    [
        (postgres_server, "MONOLITH_DATABASE_URL", "postgres://me@db.example:5432/mine"),
        (redis_server, "REDIS_URL", "redis://cache.example:6379/3"),
        (rabbitmq_server, "AMQP_URL", "amqp://me@broker.example//"),
    ],
)
def test_a_server_named_in_the_environment_is_taken_at_its_word(module, variable, url, monkeypatch):
    monkeypatch.setenv(variable, url)

    assert module.url.__wrapped__() == url


def test_a_sqlite_url_names_no_postgres(monkeypatch):
    monkeypatch.setenv("MONOLITH_DATABASE_URL", "sqlite:///var/monolith.sqlite3")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(postgres_server, "_on_loopback", lambda _: None)

    assert postgres_server.url.__wrapped__() is None


def test_what_did_not_run_is_counted_by_the_server_that_it_wanted():
    wanted = reason_to_skip(rabbitmq_server)
    reasons = [f"Skipped: {wanted}", f"Skipped: {wanted}", "Skipped: on Windows"]
    reports = [skipped(reason) for reason in reasons]

    assert not_run(reports) == Counter({wanted: 2})
    assert wanted == "wanted RabbitMQ (set AMQP_URL or start it on 127.0.0.1:5672)"


def skipped(reason):
    where = ("test_x.py", 1, reason)
    return pytest.TestReport("x", ("x", 1, "x"), {}, "skipped", where, "setup")
