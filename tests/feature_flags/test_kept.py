"""The connection that a process keeps: its own, patient with nobody, and safe across a fork."""

import os
import socket
from collections.abc import Iterator
from threading import Thread
from time import monotonic

import pytest
from django.db import connection, transaction
from waffle.models import Flag as WaffleFlag

from feature_flags import (
    Flag,
    FlagSubject,
    Source,
    evaluate,
    reading,
    refresh_now,
    set_percentage,
    store,
)
from feature_flags.connections import open_connection
from feature_flags.kept import KeptConnection
from feature_flags.reading import consistent, read_content

FLAG = Flag("kept")
SOMEONE = FlagSubject("1")
BY = {"actor": "test", "reason": "to see"}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kept(monkeypatch) -> Iterator[KeptConnection]:
    """The connection of this process, kept open as outside Django's test environment."""
    monkeypatch.setattr("feature_flags.kept._may_stay_open", lambda: True)
    yield store._of_this_process().kept
    store._of_this_process().kept.close()


def test_one_connection_serves_every_thread(kept):
    refresh_now()
    first = kept._connection
    thread = Thread(target=refresh_now)
    thread.start()
    thread.join()
    refresh_now()

    assert first is not None
    assert kept._connection is first


def test_under_djangos_test_environment_no_connection_stays_that_would_keep_the_database():
    refresh_now()

    assert store._of_this_process().kept._connection is None


def test_all_rows_are_of_one_moment(monkeypatch):
    real = reading._waffle

    def after_others_have_written(own):
        WaffleFlag.objects.create(name="kept", everyone=True)
        return real(own)

    monkeypatch.setattr(reading, "_waffle", after_others_have_written)

    assert "kept" not in refresh_now().content.waffle
    monkeypatch.undo()
    assert "kept" in refresh_now().content.waffle


@pytest.mark.postgres
def test_a_table_that_is_locked_is_not_waited_for():
    refresh_now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE waffle_flag IN ACCESS EXCLUSIVE MODE")
        began = monotonic()
        assert refresh_now().source is Source.LAST_KNOWN
        assert monotonic() - began < 3
    assert refresh_now().source is Source.STORE


@pytest.mark.postgres
def test_a_server_that_takes_the_call_and_says_nothing_is_not_waited_for(monkeypatch):
    refresh_now()
    with socket.create_server(("127.0.0.1", 0)) as silent, monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        patch.setitem(connection.settings_dict, "PORT", str(silent.getsockname()[1]))
        began = monotonic()
        assert refresh_now().source is Source.LAST_KNOWN
        assert monotonic() - began < 4
    assert refresh_now().source is Source.STORE


def test_another_database_under_the_same_alias_gets_another_connection(kept, monkeypatch):
    refresh_now()
    first = kept._connection
    monkeypatch.setitem(
        connection.settings_dict, "NAME", str(connection.settings_dict["NAME"]) + "x"
    )

    assert refresh_now().source is Source.LAST_KNOWN
    assert kept._connection is not first


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_child_reads_over_a_connection_of_its_own(kept):
    set_percentage(FLAG, 10_000, **BY)
    parents = store._of_this_process()
    assert parents.kept._connection is not None
    parents._reading.acquire()  # as if another thread were reading at the moment of the fork
    child = os.fork()
    if child == 0:
        seen = bool(evaluate(refresh_now(), FLAG, SOMEONE))
        own = store._of_this_process()
        apart = own is not parents and own.kept._connection is not parents.kept._connection
        untouched = parents.kept._connection.connection is not None
        os._exit(0 if seen and apart and untouched else 1)
    parents._reading.release()
    assert os.waitpid(child, 0)[1] == 0
    assert evaluate(refresh_now(), FLAG, SOMEONE)
    assert refresh_now().source is Source.STORE


def test_a_connection_that_the_server_dropped_is_opened_again_without_a_failure(kept):
    refresh_now()
    kept._connection.connection.close()

    assert refresh_now().source is Source.STORE


def test_reading_takes_few_statements():
    statements = []

    def count(execute, sql, params, many, context):
        statements.append(sql)
        return execute(sql, params, many, context)

    own = open_connection("default")
    with own.execute_wrapper(count):
        own.ensure_connection()
        statements.clear()
        with consistent(own):
            read_content(own)
    own.close()

    assert sum(sql.lstrip().startswith("SELECT") for sql in statements) == 7
    assert len(statements) <= 8
