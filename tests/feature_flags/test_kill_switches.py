from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event

import pytest
from django.db import OperationalError, connection, connections

from feature_flags import (
    Flag,
    FlagSubject,
    admit,
    current_snapshot,
    evaluate,
    kill,
    kill_state,
    lift,
    outside,
)
from feature_flags.errors import MissingReason, StoreUnreachable, UnknownKillSwitch
from feature_flags.models import Cohort, FlagEvent, KillSwitch

pytestmark = pytest.mark.django_db
FIRST = Flag("braked_1", kill_switch="kill_test")
SECOND = Flag("braked_2", kill_switch="kill_test")
FREE = Flag("free")
BY = {"actor": "ops", "reason": "a fire"}
SOMEONE = FlagSubject("1")


@pytest.fixture
def all_on():
    for flag in (FIRST, SECOND, FREE):
        admit(flag, "everyone", actor="test", reason="to see")


def state_of_all():
    snapshot = current_snapshot()
    return [bool(evaluate(snapshot, flag, SOMEONE)) for flag in (FIRST, SECOND, FREE)]


def test_a_kill_turns_off_what_names_the_switch_and_lifting_gives_it_back(all_on):
    state = kill("kill_test", **BY)
    assert state
    assert (state.by, state.reason) == (("row",), "a fire")
    assert state_of_all() == [False, False, True]
    assert kill_state("kill_test") == state

    assert not lift("kill_test", actor="ops", reason="it is out")
    assert state_of_all() == [True, True, True]
    assert kill_state("kill_test").since is None
    assert str(kill_state("kill_test")) == "kill_test is not killed"


def test_killing_and_lifting_leave_events():
    kill("kill_test", **BY)
    lift("kill_test", actor="ops", reason="it is out")

    events = FlagEvent.objects.order_by("id")
    assert [(e.action, e.target_type, e.target) for e in events] == [
        ("kill", "kill_switch", "kill_test"),
        ("lift", "kill_switch", "kill_test"),
    ]
    assert events[0].before == {"on": False}
    assert events[1].before == {"on": True, "reason": "a fire"}


def test_a_second_kill_keeps_the_moment_of_the_first():
    first = kill("kill_test", **BY)
    second = kill("kill_test", actor="boss", reason="still burning")

    assert (second.since, second.changed_at) == (first.since, first.changed_at)
    assert second.reason == "still burning"


def test_changed_at_grows_even_where_the_clock_goes_back(monkeypatch):
    first = kill("kill_test", **BY)
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2001, 1, 1, tzinfo=UTC))

    second = lift("kill_test", **BY)
    third = kill("kill_test", **BY)

    assert first.changed_at < second.changed_at < third.changed_at
    assert KillSwitch.objects.get().at.year == 2001


def test_a_misspelt_switch_is_refused_since_it_would_stop_nothing():
    with pytest.raises(UnknownKillSwitch, match="Did you mean 'kill_test'"):
        kill("kil_test", **BY)
    assert not KillSwitch.objects.exists()


def test_a_kill_wants_a_reason():
    with pytest.raises(MissingReason):
        kill("kill_test", actor="ops", reason=" ")


def test_the_file_kills_and_lifting_the_row_says_that_it_still_does(all_on, settings, tmp_path):
    path = tmp_path / "stop"
    settings.FEATURE_FLAGS = {**settings.FEATURE_FLAGS, "KILL_FILE": path}
    kill("kill_test", **BY)
    path.touch()
    assert kill_state("kill_test").by == ("file", "row")

    state = lift("kill_test", actor="ops", reason="it is out")

    assert str(state) == f"kill_test is killed by file: the file {path} exists"
    assert state.since == datetime.fromtimestamp(path.stat().st_mtime, UTC)
    assert state_of_all() == [False, False, True]
    path.unlink()
    assert state_of_all() == [True, True, True]


def test_the_environment_kills_and_lifting_the_row_says_that_it_still_does(all_on, monkeypatch):
    monkeypatch.setattr(outside, "RAISED", frozenset({"KILL_TEST_KILL"}))
    kill("kill_test", **BY)

    state = lift("kill_test", **BY)

    assert state.by == ("environment",)
    assert str(state).endswith("the environment holds KILL_TEST_KILL")


@pytest.mark.parametrize(
    ("value", "kills"),
    [("1", True), ("true", True), ("yes", True), ("0", False), ("", False), ("off", False)],
)
def test_the_environment_can_only_kill(monkeypatch, value, kills):
    monkeypatch.setenv("BRAKE_TEST_KILL", value)

    assert ("BRAKE_TEST_KILL" in outside._raised()) is kills


def test_the_variable_of_a_switch_can_be_written_in_a_shell():
    assert outside.variable_of("authz") == "AUTHZ_KILL"
    assert outside.variable_of("new-grades") == "NEW_GRADES_KILL"


def test_a_path_that_cannot_be_looked_at_counts_as_existing(tmp_path):
    assert outside.look_for(str(tmp_path / "missing")) is None
    assert outside.look_for(str(tmp_path / "missing" / "deeper")) is None
    assert outside.look_for(None) is None
    assert outside.look_for("x" * 5_000) is not None


def test_a_kill_without_a_database_names_the_ways_that_need_none(settings):
    settings.FEATURE_FLAGS = {**settings.FEATURE_FLAGS, "KILL_FILE": "run/stop"}

    def down(execute, sql, params, many, context):
        raise OperationalError("no connection")

    message = "create the file run/stop, or start the processes with KILL_TEST_KILL=1"
    with connection.execute_wrapper(down), pytest.raises(StoreUnreachable, match=message):
        kill("kill_test", **BY)


@pytest.mark.django_db(transaction=True)
def test_a_kill_is_never_refused_because_others_write():
    done = Event()

    def write_on():
        try:
            while not done.is_set():
                Cohort.objects.update_or_create(name="busy", defaults={"kind": "everyone"})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        writers = [threads.submit(write_on) for _ in range(2)]
        try:
            for _ in range(10):
                kill("kill_test", **BY)
                lift("kill_test", **BY)
        finally:
            done.set()
        for writer in writers:
            writer.exception(10)

    assert FlagEvent.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_kills_at_the_same_time_all_succeed_and_are_all_told():
    def pull(number):
        try:
            kill("kill_test", actor=f"ops{number}", reason="a fire")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(pull, range(12)))

    assert KillSwitch.objects.get().on
    assert FlagEvent.objects.count() == 12
