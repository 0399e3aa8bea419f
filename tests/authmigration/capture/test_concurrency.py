"""Marks under concurrent transactions on PostgreSQL, and installing beside them."""

import threading
import time

import pytest
from django.db import connection, transaction

from authmigration import capture
from authmigration.capture import TableBusy, TableState
from authmigration.legacy import watch
from authmigration.models import ChangeMark
from monolith.accounts.models import User
from monolith.courses.models import Course, Enrolment
from monolith.schools.models import School

pytestmark = pytest.mark.postgres

ENROLMENTS = watch(Enrolment, user="student", columns=["kind"])


@pytest.fixture
def rows(committed, transactional_db):
    """Two enrolments each of anna and of bert."""
    course = Course.objects.create(
        title="Algebra", code="A", school=School.objects.create(name="north")
    )
    users = [User.objects.create(username=name) for name in ("anna", "bert")]
    found = [Enrolment.objects.create(student=u, course=course) for u in users for _ in range(2)]
    committed(ENROLMENTS)
    return found


def change(row):
    Enrolment.objects.filter(pk=row.pk).update(kind=Enrolment.MENTOR)


class Other(threading.Thread):
    """A transaction on a connection of its own, that does one step at a time."""

    def __init__(self, *steps):
        super().__init__()
        self.steps, self.done = steps, [threading.Event() for _ in steps]
        self.go = [threading.Event() for _ in steps]
        self.failure = None

    def run(self):
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '3s'")
                for step, go, done in zip(self.steps, self.go, self.done, strict=True):
                    go.wait(10)
                    step()
                    done.set()
        except Exception as error:  # noqa: BLE001 -- shown by the test
            self.failure = error
        finally:
            connection.close()

    def take(self, number):
        self.go[number].set()
        return self.done[number].wait(10)


def test_transactions_on_the_same_users_neither_block_nor_deadlock(rows, marked):
    anna, anna_too, bert, bert_too = rows
    one = Other(lambda: change(anna), lambda: change(bert))
    two = Other(lambda: change(bert_too), lambda: change(anna_too))
    for other in (one, two):
        other.start()

    steps = [one.take(0), two.take(0), one.take(1), two.take(1)]
    for other in (one, two):
        other.join(10)

    assert (one.failure, two.failure, steps) == (None, None, [True] * 4)
    assert len(marked()) == 4


def test_the_mark_of_a_slow_transaction_is_not_lost(rows, marked):
    anna, _, bert, _ = rows
    slow = Other(lambda: change(anna), lambda: None)
    slow.start()
    slow.take(0)

    change(bert)
    quick = marked()
    slow.take(1)
    slow.join(10)

    assert quick == [str(bert.student_id)]
    assert capture.is_marked(str(anna.student_id))


def test_a_reader_sees_mark_and_change_at_the_same_moment(rows):
    anna = rows[0]
    slow = Other(lambda: change(anna), lambda: None)
    slow.start()
    slow.take(0)
    kind = Enrolment.objects.get(pk=anna.pk).kind
    before = (kind, capture.is_marked(str(anna.student_id)))
    slow.take(1)
    slow.join(10)
    kind = Enrolment.objects.get(pk=anna.pk).kind

    assert before == (Enrolment.LEARNER, False)
    assert (kind, capture.is_marked(str(anna.student_id))) == (Enrolment.MENTOR, True)


def test_a_table_in_use_is_named_with_the_mend_and_left_as_it_was(rows, declare):
    capture.remove()
    writer = Other(lambda: change(rows[0]), lambda: None)
    writer.start()
    writer.take(0)
    began = time.monotonic()

    with pytest.raises(TableBusy, match=r"courses_enrolment was locked.*install again") as caught:
        capture.install(lock_timeout=0.1, attempts=2)

    took = time.monotonic() - began
    writer.take(1)
    writer.join(10)
    assert caught.value.table == "courses_enrolment"
    assert took < 3
    assert capture.status()[0].state is TableState.MISSING
    assert capture.install().installed == ("courses_enrolment",)


def test_an_installation_waits_for_the_writers_it_has_not_seen(rows):
    """A change made before the triggers must be committed before the epoch says so."""
    capture.remove()
    ChangeMark.objects.all().delete()
    writer = Other(lambda: change(rows[0]), lambda: time.sleep(0.5))
    writer.start()
    writer.take(0)
    writer.go[1].set()

    capture.install()

    assert Enrolment.objects.get(pk=rows[0].pk).kind == Enrolment.MENTOR
    assert capture.current_epoch() == 1
    writer.join(10)


def test_a_replacement_waits_for_writers_that_run_the_old_function(rows, declare):
    declare(watch(Enrolment, user="student", columns=["status"]))
    writer = Other(lambda: change(rows[0]), lambda: time.sleep(0.5))
    writer.start()
    writer.take(0)
    writer.go[1].set()

    report = capture.install()

    assert report.replaced == ("courses_enrolment",)
    assert Enrolment.objects.get(pk=rows[0].pk).kind == Enrolment.MENTOR
    writer.join(10)


def test_two_installations_at_once_install_once(rows):
    capture.remove()
    ChangeMark.objects.all().delete()
    reports = []
    threads = [
        threading.Thread(target=lambda: (reports.append(capture.install()), connection.close()))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(len(report.installed) for report in reports) == [0, 0, 1]
    assert capture.current_epoch() == 1
