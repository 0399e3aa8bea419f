"""The snapshot of one process: fresh, shared by its threads, and safe without a database."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event, current_thread
from time import monotonic, sleep

import pytest
from django.core.exceptions import SynchronousOnlyOperation
from django.db import DatabaseError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from waffle.models import Flag as WaffleFlag

from feature_flags import (
    Flag,
    FlagSubject,
    Reason,
    Source,
    acurrent_snapshot,
    admit,
    callers_snapshot,
    current_snapshot,
    evaluate,
    own_connection,
    refresh_now,
    set_percentage,
)
from feature_flags.kept import KeptConnection
from feature_flags.models import FlagOptions, Rule
from feature_flags.testing import forget_snapshot

FLAG = Flag("stored")
SOMEONE = FlagSubject("1")
BY = {"actor": "test", "reason": "to see"}
committed = pytest.mark.django_db(transaction=True)


@contextmanager
def failing_reads(monkeypatch, error=None):
    """Let the store fail, as a database that is down does, until the block ends."""
    reads = []

    def fail(self, alias):
        reads.append(current_thread())
        raise error or OperationalError("the database is down")

    with monkeypatch.context() as patch:
        patch.setattr(KeptConnection, "read", fail)
        yield reads


@committed
def test_a_fresh_snapshot_is_read_once_and_costs_no_query_after(settings):
    settings.FEATURE_FLAGS = {"SNAPSHOT_SECONDS": 60}
    first = current_snapshot()

    with CaptureQueriesContext(connection) as queries:
        for _ in range(100):
            assert current_snapshot() is first
            evaluate(current_snapshot(), FLAG, SOMEONE)
    assert len(queries) == 0
    assert first.source is Source.STORE
    assert 0 <= first.age < 60


@committed
def test_a_snapshot_is_read_again_when_it_is_a_second_old():
    first = current_snapshot()
    WaffleFlag.objects.create(name="stored", everyone=True)
    assert not evaluate(current_snapshot(), FLAG, SOMEONE)

    sleep(1.01)

    assert current_snapshot() is not first
    assert evaluate(current_snapshot(), FLAG, SOMEONE)


@committed
def test_a_reader_inside_a_transaction_sees_what_others_commit_meanwhile():
    with transaction.atomic():
        FlagOptions.objects.count()
        with own_connection() as other, other.cursor() as cursor:
            cursor.execute(
                "INSERT INTO feature_flags_flagoptions (flag, prerequisite, salt) "
                "VALUES ('stored', '', 'others')"
            )
        assert refresh_now().content.options["stored"].salt == "others"


@committed
def test_an_uncommitted_change_is_not_seen_and_one_rolled_back_never_is():
    with transaction.atomic():
        admit(FLAG, "everyone", **BY)
        assert not evaluate(refresh_now(), FLAG, SOMEONE)
        assert evaluate(callers_snapshot(), FLAG, SOMEONE)
        transaction.set_rollback(True)
    assert not evaluate(refresh_now(), FLAG, SOMEONE)


@committed
def test_ones_own_change_is_seen_at_its_commit(settings):
    settings.FEATURE_FLAGS = {"SNAPSHOT_SECONDS": 60}
    assert not evaluate(current_snapshot(), FLAG, SOMEONE)

    set_percentage(FLAG, 10_000, **BY)

    assert evaluate(current_snapshot(), FLAG, SOMEONE)


@committed
@pytest.mark.postgres
def test_a_broken_transaction_of_the_caller_does_not_stop_the_reading():
    set_percentage(FLAG, 10_000, **BY)
    forget_snapshot()
    with transaction.atomic():
        with connection.cursor() as cursor, pytest.raises(DatabaseError):
            cursor.execute("SELECT nothing FROM nowhere")
        with pytest.raises(DatabaseError):
            Rule.objects.count()
        assert evaluate(current_snapshot(), FLAG, SOMEONE)
        assert current_snapshot().source is Source.STORE
        transaction.set_rollback(True)


@committed
def test_without_a_database_the_last_known_snapshot_holds_and_recovers(monkeypatch, settings):
    settings.FEATURE_FLAGS = {"SNAPSHOT_SECONDS": 0.05}
    set_percentage(FLAG, 10_000, **BY)
    read_at = current_snapshot().read_at

    with failing_reads(monkeypatch):
        sleep(0.06)
        lost = current_snapshot()
        assert lost.source is Source.LAST_KNOWN
        assert lost.read_at >= read_at
        assert lost.age > 0.05
        assert evaluate(lost, FLAG, SOMEONE)

    set_percentage(FLAG, 0, **BY)
    assert current_snapshot().source is Source.STORE
    assert not evaluate(current_snapshot(), FLAG, SOMEONE)


@committed
def test_a_cold_start_without_a_database_answers_safe_values(monkeypatch):
    with failing_reads(monkeypatch):
        snapshot = current_snapshot()

        assert snapshot.source is Source.SAFE
        assert evaluate(snapshot, Flag("stored_safe", safe=True), SOMEONE)
        assert evaluate(snapshot, FLAG, SOMEONE) == (
            False,
            Reason.SAFE,
            "the flags were never read",
        )


@committed
def test_a_failed_read_is_tried_again_after_a_second_and_not_by_every_call(monkeypatch):
    with failing_reads(monkeypatch) as reads:
        for _ in range(1_000):
            current_snapshot()
        assert len(reads) == 1

        sleep(1.01)
        current_snapshot()
        assert len(reads) == 2


@committed
def test_one_thread_reads_and_the_others_go_on_with_the_old_snapshot(monkeypatch, settings):
    settings.FEATURE_FLAGS = {"SNAPSHOT_SECONDS": 0.01}
    old = current_snapshot()
    sleep(0.02)
    reading, finish = Event(), Event()
    real = KeptConnection.read
    readers = []

    def slow(self, alias):
        readers.append(current_thread())
        reading.set()
        finish.wait(5)
        return real(self, alias)

    monkeypatch.setattr(KeptConnection, "read", slow)
    with ThreadPoolExecutor(9) as threads:
        first = threads.submit(current_snapshot)
        assert reading.wait(5)
        others = [threads.submit(current_snapshot) for _ in range(8)]
        assert all(other.result(1).read_at == old.read_at for other in others)
        finish.set()
        assert first.result(5).read_at > old.read_at
    assert len(readers) == 1


@committed
def test_the_first_read_of_a_process_is_waited_for(monkeypatch):
    set_percentage(FLAG, 10_000, **BY)
    forget_snapshot()
    real, start = KeptConnection.read, Barrier(6)
    reads = []

    def slow(self, alias):
        reads.append(alias)
        sleep(0.2)
        return real(self, alias)

    def ask():
        start.wait()
        return bool(evaluate(current_snapshot(), FLAG, SOMEONE))

    monkeypatch.setattr(KeptConnection, "read", slow)
    with ThreadPoolExecutor(6) as threads:
        asked = [threads.submit(ask) for _ in range(6)]
        assert all(answer.result(5) for answer in asked)
    assert len(reads) == 1


@committed
def test_the_kill_file_is_seen_by_threads_that_do_not_get_to_read(monkeypatch, settings, tmp_path):
    path = tmp_path / "stop"
    settings.FEATURE_FLAGS = {"SNAPSHOT_SECONDS": 0.01, "KILL_FILE": path}
    flag = Flag("filed", kill_switch="filed_brake")
    set_percentage(flag, 10_000, **BY)
    reading, finish = Event(), Event()

    def hanging(self, alias):
        reading.set()
        finish.wait(5)
        raise OperationalError("the database hangs")

    sleep(0.02)
    monkeypatch.setattr(KeptConnection, "read", hanging)
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(current_snapshot)
        assert reading.wait(5)
        assert evaluate(current_snapshot(), flag, SOMEONE)
        path.touch()
        assert evaluate(current_snapshot(), flag, SOMEONE).reason is Reason.KILLED
        path.unlink()
        assert evaluate(current_snapshot(), flag, SOMEONE)
        finish.set()
        first.result(5)


@committed
def test_an_event_loop_reads_without_blocking_itself():
    async def ask():
        with pytest.raises(SynchronousOnlyOperation):
            current_snapshot()
        first = await acurrent_snapshot()
        return first.source, await acurrent_snapshot() is first

    assert asyncio.run(ask()) == (Source.STORE, True)


@committed
def test_asking_is_quick_while_the_snapshot_is_fresh(settings):
    settings.FEATURE_FLAGS = {"SNAPSHOT_SECONDS": 60}
    current_snapshot()
    began = monotonic()

    for _ in range(10_000):
        current_snapshot()

    assert monotonic() - began < 0.5
