"""Real processes: what one does, another sees within 1.1 seconds, without any shared cache."""

import time
from urllib.parse import urlsplit

import pytest

from feature_flags import Flag, admit, kill, lift, set_percentage
from tests.feature_flags.proxies import Proxy
from tests.feature_flags.watching import watching

pytestmark = pytest.mark.slow
FLAG = Flag("watched", kill_switch="watched_brake")
BY = {"actor": "test", "reason": "to be seen"}
BOUND = 1.1


def is_on(seen):
    return seen["on"]


def is_killed(seen):
    return seen["reason"] == "killed"


@pytest.fixture
def admitted(database_url):
    admit(FLAG, "unit:school:7", **BY)
    return database_url


def test_a_kill_by_row_is_seen_within_the_bound_and_so_is_its_end(admitted):
    with watching(admitted) as first, watching(admitted) as second:
        for each in (first, second):
            each.next(is_on)
        for _ in range(3):
            kill("watched_brake", **BY)
            killed = time.time()
            assert max(each.next(is_killed)["at"] for each in (first, second)) - killed < BOUND
            lift("watched_brake", **BY)
            lifted = time.time()
            assert max(each.next(is_on)["at"] for each in (first, second)) - lifted < BOUND


def test_a_percentage_is_seen_within_the_bound(database_url):
    with watching(database_url) as watcher:
        watcher.next(lambda seen: seen["source"] == "store")
        set_percentage(FLAG, 10_000, **BY)
        raised = time.time()

        seen = watcher.next(is_on)

        assert seen["reason"] == "percentage"
        assert seen["at"] - raised < BOUND


def test_a_kill_by_file_is_seen_within_the_bound(admitted, tmp_path):
    path = tmp_path / "stop"
    with watching(admitted, MONOLITH_KILL_FILE=str(path)) as watcher:
        watcher.next(is_on)
        path.touch()
        killed = time.time()
        assert watcher.next(is_killed)["at"] - killed < BOUND
        path.unlink()
        lifted = time.time()
        assert watcher.next(is_on)["at"] - lifted < BOUND


def test_workers_forked_after_the_first_read_see_a_kill(admitted):
    with watching(admitted, fork=True) as family:
        on = {family.next(is_on)["pid"] for _ in range(3)}
        kill("watched_brake", **BY)
        killed = time.time()

        seen = [family.next(is_killed) for _ in range(3)]

        assert {each["pid"] for each in seen} == on
        assert max(each["at"] for each in seen) - killed < BOUND
        assert {each["source"] for each in seen} == {"store"}


def test_without_a_database_a_process_starts_with_safe_values(tmp_path):
    with watching(unreachable(tmp_path)) as watcher:
        seen = watcher.next()

    assert (seen["source"], seen["on"], seen["safe"]) == ("safe", False, True)
    assert list(tmp_path.iterdir()) == []


def test_a_kill_by_environment_needs_no_database(tmp_path):
    with watching(unreachable(tmp_path), WATCHED_BRAKE_KILL="1") as watcher:
        seen = watcher.next()

    assert (seen["source"], seen["reason"]) == ("safe", "killed")


def test_a_kill_by_file_needs_no_database(tmp_path):
    path = tmp_path / "stop"
    with watching(unreachable(tmp_path), MONOLITH_KILL_FILE=str(path)) as watcher:
        assert watcher.next()["reason"] == "safe"
        path.touch()
        killed = time.time()
        assert watcher.next(is_killed)["at"] - killed < BOUND


@pytest.mark.postgres
def test_when_the_database_goes_the_last_known_holds_the_file_kills_and_all_comes_back(
    admitted, tmp_path
):
    path = tmp_path / "stop"
    at = urlsplit(admitted)
    proxy = Proxy(at.hostname, at.port)
    url = at._replace(netloc=f"{at.username}@127.0.0.1:{proxy.port}").geturl()
    with watching(url, MONOLITH_KILL_FILE=str(path)) as watcher:
        watcher.next(is_on)

        proxy.cut()
        lost = watcher.next(lambda seen: seen["source"] == "last_known")
        assert lost["on"]

        path.touch()
        killed = time.time()
        assert watcher.next(is_killed)["at"] - killed < BOUND
        path.unlink()
        assert watcher.next(is_on)["source"] == "last_known"

        kill("watched_brake", **BY)
        proxy.mend()
        mended = time.time()
        back = watcher.next(lambda seen: seen["source"] == "store")
        assert back["reason"] == "killed"
        assert back["at"] - mended < BOUND
    proxy.cut()


def unreachable(folder):
    return f"sqlite:///{folder / 'missing.sqlite3'}"
