"""Marks of those who are never seen do not pile up, and none that is needed goes."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from authmigration import capture
from authmigration.assignments.claims import claim
from authmigration.models import ChangeMark
from tests.authmigration.threads import alone

pytestmark = pytest.mark.django_db(transaction=True)


def marks(*subjects):
    ChangeMark.objects.bulk_create([ChangeMark(subject=subject) for subject in subjects])


def marked():
    return sorted(ChangeMark.objects.values_list("subject", flat=True))


def elsewhere(work):
    """Do something on another connection, and wait for its end."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(alone, work).result(20)


def test_whoever_was_marked_stays_marked_once():
    marks("7", "8", "7", "", "7", "")
    assert capture.thin() == 2
    assert marked() == ["", "", "7", "8"]
    assert capture.thin() == 0


def test_the_last_mark_is_kept():
    marks("7", "7")
    last = ChangeMark.objects.order_by("-id").first()
    capture.thin()
    assert ChangeMark.objects.get() == last


@pytest.mark.postgres
def test_a_change_that_came_after_the_facts_were_read_keeps_its_mark():
    """The last mark is being consumed by somebody who has read the facts; ids do not say when."""
    early, late = ChangeMark(subject="7"), ChangeMark(subject="7")
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('authmigration_changemark', 'id'))")
        early.id = cursor.fetchone()[0]
    late.save(force_insert=True)
    with transaction.atomic():
        assert "7" in claim(["7"], using="default", version=1).states  # and the facts are read
        elsewhere(lambda: early.save(force_insert=True))  # a change is committed
        assert elsewhere(capture.thin) == 0
    assert marked() == ["7"]


@pytest.mark.postgres
def test_a_mark_that_is_kept_is_not_consumed_meanwhile():
    marks("7", "7")
    with transaction.atomic():
        assert capture.thin() == 1

        def consumed():
            with transaction.atomic():
                return claim(["7"], using="default", version=1)

        elsewhere(consumed)
    assert marked() == ["7"]
