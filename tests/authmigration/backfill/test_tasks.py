"""Messages may be lost, late, doubled or of another release: the rows decide what is done."""

import threading

import pytest
from django.db import connection

from authmigration import backfill, counters, registry, tasks
from authmigration.backfill import Step, leases, runs
from authmigration.capture import current_epoch
from authmigration.models import BackfillChunk, ChangeMark, CounterDelta, SubjectState
from tests.authmigration import worlds
from tests.authmigration.rows import mark, sync

from .crowds import crowd, differing, nobody_lost_nobody_doubled, stored
from .messages import messages

pytestmark = pytest.mark.django_db(transaction=True)
CHUNK, RESYNC = "authmigration.backfill_chunk", "authmigration.resync_stale"


@pytest.fixture
def sent(settings):
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "CHUNK_SIZE": 20}
    with messages() as found:
        yield found


def begun(workers=2):
    run = backfill.open_run(using="default")
    return run, backfill.start(run, workers, using="default")


def let_everything_be_long_ago():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE authmigration_backfillrun SET woken_at = '2020-01-01 00:00:00'")
        cursor.execute("UPDATE authmigration_backfillchunk SET lease_until = '2020-01-01 00:00:00'")


@pytest.mark.parametrize("task", [tasks.backfill_chunk, tasks.backfill_tick, tasks.resync_stale])
def test_a_message_is_acknowledged_when_its_work_is_done(task):
    assert (task.acks_late, task.reject_on_worker_lost, task.ignore_result) == (True, True, True)


def test_one_message_for_each_worker_works_its_way_through_all_chunks(sent):
    crowd(110)
    run, wave = begun()

    tasks.dispatch(run, wave)

    # The chunks, the end of the chain that did not complete the run, those who are behind.
    assert sent.deliver() == 6 + 1 + 1
    assert nobody_lost_nobody_doubled()
    assert runs.is_finished(run, using="default")


def test_every_message_delivered_twice_changes_nothing(sent):
    crowd(110)
    run, wave = begun()
    tasks.dispatch(run, wave)
    sent.deliver(times=2)
    assert nobody_lost_nobody_doubled()
    before = stored()

    tasks.backfill_chunk(run.pk, wave)
    tasks.resync_stale()
    tasks.backfill_tick()
    tasks.roll_up_counters()
    tasks.roll_up_counters()

    assert stored() == before
    assert sent.all() == []
    assert counters.values("subjects", using="default") == {"migrated": 110}


def test_whoever_completes_the_run_asks_for_those_who_are_behind(sent):
    crowd(10)
    run, wave = begun()

    tasks.backfill_chunk(run.pk, wave)

    assert sent.all() == [(RESYNC, [])]


def test_a_message_of_an_earlier_wave_does_nothing(sent):
    crowd(50)
    run, early = begun()
    _, late = begun()

    tasks.backfill_chunk(run.pk, early)

    assert late == early + 1
    assert BackfillChunk.objects.count() == 0
    assert sent.all() == []


def test_a_worker_of_another_release_leaves_the_run_alone(sent):
    crowd(50)
    run, wave = begun()

    with registry.override(worlds.tables_only()):
        assert backfill.step(run.pk, wave, using="default") is Step.NONE

    assert BackfillChunk.objects.count() == 0
    assert SubjectState.objects.count() == 0


def test_a_run_that_moves_is_not_woken(sent):
    crowd(50)
    run, _ = begun()
    tasks.backfill_tick()
    assert sent.all() == []

    let_everything_be_long_ago()
    held = runs.lease(run, using="default", size=20)
    tasks.backfill_tick()
    assert sent.all() == []

    leases.complete(held, using="default")
    tasks.backfill_tick()
    assert sent.all() == []


def test_a_run_that_has_not_moved_for_a_lease_is_woken_once(sent):
    crowd(50)
    run, wave = begun(workers=3)
    runs.lease(run, using="default", size=20)
    let_everything_be_long_ago()

    tasks.backfill_tick()
    tasks.backfill_tick()

    assert sent.all() == [(CHUNK, [run.pk, wave + 1])] * 3


def test_a_run_that_is_worked_without_messages_is_not_woken(sent):
    crowd(50)
    runs.lease(backfill.open_run(using="default"), using="default", size=20)
    let_everything_be_long_ago()

    tasks.backfill_tick()

    assert sent.all() == []


@pytest.mark.postgres
def test_of_many_beats_at_once_one_wakes_the_run():
    run, _ = begun()
    let_everything_be_long_ago()
    start, waves = threading.Barrier(6), []

    def beat():
        start.wait()
        waves.append(backfill.wake(run, using="default"))
        connection.close()

    threads = [threading.Thread(target=beat) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(w for w in waves if w is not None) == [2]
    assert len(waves) == 6


def test_a_lease_that_ran_out_is_worked_by_the_next_message(sent):
    crowd(50)
    run, _ = begun()
    runs.lease(run, using="default", size=20)
    let_everything_be_long_ago()

    tasks.backfill_tick()
    sent.deliver()

    assert nobody_lost_nobody_doubled()


def test_those_who_are_behind_are_followed_message_by_message(sent, monkeypatch):
    monkeypatch.setattr(tasks, "RESYNC_AT_ONCE", 20)
    sync(*crowd(50))
    mark(None)

    tasks.resync_stale()

    assert sent.deliver() == 2
    assert differing() == []


def test_counters_and_epoch_are_rolled_up_without_changing(sent):
    sync(*crowd(5))
    mark(None)
    mark(None)
    epoch, counted = current_epoch(), counters.values("subjects", using="default")

    tasks.roll_up_counters()

    assert (current_epoch(), ChangeMark.objects.count()) == (epoch, 0)
    assert CounterDelta.objects.count() == 0
    assert counters.values("subjects", using="default") == counted == {"migrated": 5}
