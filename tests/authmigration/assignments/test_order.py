"""Marks first, facts after: a revoke that is committed in between is followed, never undone."""

import pytest
from django.contrib.auth.models import Group
from django.db import transaction

from authmigration.assignments import claims, synchronising
from authmigration.models import ChangeMark
from monolith.courses.models import Enrolment
from tests.authmigration import worlds
from tests.authmigration.rows import captured, is_fresh, know_the_mapping, loaded, roles, sync
from tests.authmigration.threads import Pause

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def captures(transactional_db):
    with captured():
        yield


@pytest.fixture
def learner(captures):
    anna = worlds.user()
    worlds.enrol(anna, worlds.course(worlds.school()))
    know_the_mapping()
    return anna


def paused_after_reading(monkeypatch):
    """Let the next synchronisation stop when it has read the facts and written nothing yet."""
    pause, gather = Pause(), synchronising.gather

    def gathered(*given, **named):
        found = gather(*given, **named)
        pause.stop()
        return found

    monkeypatch.setattr(synchronising, "gather", gathered)
    return pause


def test_a_committed_revoke_is_never_undone(learner, monkeypatch):
    pause = paused_after_reading(monkeypatch)

    with pause.while_stopped(lambda: sync(learner)):
        Enrolment.objects.update(status="withdrawn")

    assert roles(learner) == {"student"}
    assert not is_fresh(learner)
    sync(learner)
    assert (roles(learner), is_fresh(learner)) == (set(), True)


def test_in_the_other_order_the_revoke_would_be_lost(learner, monkeypatch):
    consuming = claims._CONSUMED
    monkeypatch.setattr(claims, "_CONSUMED", consuming.replace("m.subject\n", "m.subject || '?'\n"))
    write = synchronising.store

    def consume_and_write(batch, *, using):
        ChangeMark.objects.filter(subject__in=[row["subject"] for row in batch.states]).delete()
        write(batch, using=using)

    monkeypatch.setattr(synchronising, "store", consume_and_write)
    pause = paused_after_reading(monkeypatch)

    with pause.while_stopped(lambda: sync(learner)):
        Enrolment.objects.update(status="withdrawn")

    assert consuming != claims._CONSUMED
    assert (roles(learner), is_fresh(learner)) == ({"student"}, True)


def test_a_revoke_that_is_not_committed_yet_keeps_its_mark(learner):
    pause = Pause()

    def revoke():
        with transaction.atomic():
            Enrolment.objects.update(status="withdrawn")
            pause.stop()

    with pause.while_stopped(revoke):
        sync(learner)
        before = roles(learner), is_fresh(learner)

    assert before == ({"student"}, True)
    assert not is_fresh(learner)
    sync(learner)
    assert roles(learner) == set()


def test_a_group_that_is_renamed_in_between_makes_stale(learner, monkeypatch):
    worlds.registrar(learner)
    pause = paused_after_reading(monkeypatch)

    with pause.while_stopped(lambda: sync(learner)):
        Group.objects.update(name="gardeners")

    assert roles(learner) == {"student", "registrar"}
    assert not is_fresh(learner)
    sync(learner)
    assert (roles(learner), is_fresh(learner)) == ({"student"}, True)


def test_a_mark_that_comes_while_facts_are_read_is_not_consumed_with_them(learner, monkeypatch):
    sync(learner)
    Enrolment.objects.update(kind=Enrolment.MENTOR)
    pause = paused_after_reading(monkeypatch)

    with pause.while_stopped(lambda: sync(learner)):
        marks = ChangeMark.objects.count()
        Enrolment.objects.update(kind=Enrolment.AUDITOR)

    assert marks == 1
    assert ChangeMark.objects.count() == 1
    assert not is_fresh(learner)


def test_a_revoke_between_loading_and_claiming_is_followed_and_its_mark_left(learner):
    ChangeMark.objects.all().delete()
    known = {str(learner.pk): loaded(learner)}
    Enrolment.objects.update(status="withdrawn")

    sync(learner, known=known)

    assert (roles(learner), is_fresh(learner)) == (set(), False)
    sync(learner)
    assert (roles(learner), is_fresh(learner)) == (set(), True)
