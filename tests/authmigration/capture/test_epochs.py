"""The epoch is a sum that compaction never changes."""

import threading

import pytest
from django.db import connection

from authmigration import capture
from authmigration.capture import epochs
from authmigration.models import ChangeMark, Epoch


def mark(*subjects):
    ChangeMark.objects.bulk_create([ChangeMark(subject=subject) for subject in subjects])


def test_without_any_row_the_epoch_is_zero(db):
    assert capture.current_epoch() == 0


def test_the_epoch_is_the_base_and_the_marks_without_a_subject(db):
    Epoch.objects.create(id=1, value=40)
    mark("", "", "7")

    assert capture.current_epoch() == 42


def test_raising_the_epoch_names_the_source(db):
    capture.raise_epoch(None, "auth.Group")

    assert capture.current_epoch() == 1
    assert ChangeMark.objects.get().source == "auth.Group"


def test_the_epoch_is_an_expression_for_other_statements(db):
    mark("", "7")

    with connection.cursor() as cursor:
        marked = capture.MARKED_SQL.format(subject="%s")
        cursor.execute(f"SELECT {capture.EPOCH_SQL}, {marked}, {marked}", ["7", "8"])
        epoch, known, unknown = cursor.fetchone()

    assert (epoch, bool(known), bool(unknown)) == (1, True, False)


def test_a_subject_is_marked_until_its_marks_are_consumed(db):
    mark("7", "")

    assert capture.is_marked("7")
    assert not capture.is_marked("8")
    ChangeMark.objects.filter(subject="7").delete()
    assert not capture.is_marked("7")


def test_compaction_keeps_the_epoch_and_the_marks_of_subjects(db):
    mark("", "7", "", "")

    moved = capture.compact()

    assert moved == 3
    assert capture.current_epoch() == 3
    assert list(ChangeMark.objects.values_list("subject", flat=True)) == ["7"]
    assert Epoch.objects.get().value == 3


def test_compacting_twice_counts_nothing_twice(db):
    mark("", "")
    capture.compact()
    mark("")

    assert (capture.compact(), capture.compact()) == (1, 0)
    assert capture.current_epoch() == 3


def test_compacting_nothing_writes_nothing(db):
    assert capture.compact() == 0
    assert capture.current_epoch() == 0


def test_a_compaction_moves_a_bounded_number(db, monkeypatch):
    monkeypatch.setattr(epochs, "COMPACT_AT_ONCE", 2)
    mark("", "", "")

    assert [capture.compact() for _ in range(3)] == [2, 1, 0]
    assert capture.current_epoch() == 3


def in_threads(*works):
    """Run them at once, each with a connection of its own; return what they returned."""
    barrier, found, failed = threading.Barrier(len(works)), {}, []

    def run(number, work):
        try:
            barrier.wait(10)
            found[number] = work()
        except Exception as error:  # noqa: BLE001 -- shown by the test
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    return [found[number] for number in range(len(works))]


def test_no_reader_sees_the_epoch_move_while_it_is_compacted(transactional_db, monkeypatch):
    monkeypatch.setattr(epochs, "COMPACT_AT_ONCE", 5)
    mark(*[""] * 100)
    done = threading.Event()

    def compact():
        try:
            return sum(iter(capture.compact, 0))
        finally:
            done.set()

    def read():
        seen = [capture.current_epoch()]
        while not done.is_set():
            seen.append(capture.current_epoch())
        return seen

    moved, seen = in_threads(compact, read)

    assert moved == 100
    assert set(seen) == {100}


def test_concurrent_appends_and_compactions_lose_and_double_nothing(transactional_db):
    def append():
        for _ in range(30):
            capture.raise_epoch(None, "test")
        return 30

    def compact():
        return sum(capture.compact() for _ in range(20))

    in_threads(append, append, compact, compact)

    assert capture.current_epoch() == 60
    capture.compact()
    assert Epoch.objects.get().value == 60
    assert not ChangeMark.objects.exists()


@pytest.mark.postgres
def test_a_compaction_waits_for_no_other(transactional_db):
    mark("", "")
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT id FROM authmigration_changemark LIMIT 1 FOR UPDATE")
            with connection.cursor() as ours:
                ours.execute("SET lock_timeout = '1s'")
                moved = capture.compact()
                ours.execute("RESET lock_timeout")
            cursor.execute("ROLLBACK")
    finally:
        other.close()

    assert moved == 1
    assert capture.current_epoch() == 2
