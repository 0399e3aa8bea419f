"""What the app does when Django is ready."""

import pytest
from celery import signals
from django.core.management import call_command
from django.db import connection

from authmigration import capture, celery_pins


def drop_a_trigger() -> None:
    status = next(each for each in capture.status() if each.table == "courses_enrolment")
    on = ' ON "courses_enrolment"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{status.triggers[0]}"{on}')
    capture.forget("default")


@pytest.fixture
def captured(transactional_db):
    capture.install()
    yield
    capture.remove()


def test_migrating_puts_a_lost_trigger_back(captured):
    drop_a_trigger()
    before = capture.is_installed()

    call_command("migrate", verbosity=0)
    capture.forget("default")

    assert (before, capture.is_installed()) == (False, True)


@pytest.mark.django_db(transaction=True)
def test_migrating_installs_nothing_where_nobody_has_installed_before():
    call_command("migrate", verbosity=0)

    assert not capture.is_installed()


def test_tasks_follow_their_sender():
    def receivers(signal):
        return [name for (name, _), *_ in signal.receivers]

    assert f"{celery_pins.__name__}.hand_over" in receivers(signals.before_task_publish)
    assert f"{celery_pins.__name__}.begin" in receivers(signals.task_prerun)
