"""Whatever fails at a first access, the person who asked has an answer."""

import time

import pytest
from django.db import DataError, OperationalError, connection, transaction

from authmigration import conf, counters, legacy, registry
from authmigration.lazy_migration import on_access
from authmigration.models import SubjectState
from monolith.courses.models import Enrolment
from tests.authmigration import worlds
from tests.authmigration.crashing import Bomb, Crash
from tests.authmigration.lazy_migration.looking import tallied, view
from tests.authmigration.rows import (
    facts,
    state,
)
from tests.authmigration.threads import Pause, timed

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 1.0
"""Seconds within which somebody who does not wait has an answer, on a busy machine too."""


def test_whatever_fails_in_the_tables_of_the_toolkit_legacy_answers(learner, algebra, enforced):
    """At each of the statements that touch them in turn, until none is left to fail."""
    for passes in range(30):
        bomb = Bomb(passes, OperationalError, only="authmigration_")
        with bomb.planted():
            found = view(learner, algebra)
        assert found.allowed
        if not bomb.exploded:
            break
        assert found.world == "legacy"
        clean(learner)

    assert passes >= 3
    assert found.world == "central"


def clean(who):
    SubjectState.objects.filter(subject=str(who.pk), status="failing").delete()
    counters._tallies.take()
    on_access.forget()


def test_an_error_is_counted_and_keeps_its_reason(learner, algebra, enforced):
    with Bomb(0, lambda: DataError("too long"), only="INSERT INTO authmig").planted():
        view(learner, algebra)

    assert (state(learner).status, state(learner).attempts) == ("failing", 1)
    assert "too long" in state(learner).reason
    assert tallied("error") == 1


def test_a_process_that_dies_in_the_middle_leaves_somebody_unmigrated(learner, algebra, enforced):
    with pytest.raises(Crash), Bomb(0, only="INSERT INTO authmig").planted():
        view(learner, algebra)

    assert (state(learner), facts(learner)) == (None, set())
    assert view(learner, algebra).world == "central"


def test_whoever_is_set_aside_is_answered_from_legacy_and_not_tried_again(
    learner, algebra, enforced
):
    Enrolment.objects.update(kind=77)
    for _ in range(conf.get().quarantine_after):
        view(learner, algebra)
    revision = state(learner).revision

    found = view(learner, algebra)

    assert (state(learner).status, state(learner).revision) == ("quarantined", revision)
    assert (found.allowed, found.world) == (True, "legacy")


@pytest.mark.postgres
def test_a_migration_that_takes_too_long_is_given_up(learner, algebra, enforced, settings):
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "LAZY_BUDGET": 0.2}
    pause = Pause()

    def lock_the_table():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE authmigration_auditevent IN ACCESS EXCLUSIVE MODE")
            pause.stop()

    with pause.while_stopped(lock_the_table):
        seconds, found = timed(lambda: view(learner, algebra))

    assert (found.allowed, found.world) == (True, "legacy")
    assert 0.2 <= seconds < 0.2 + AT_ONCE


@pytest.mark.postgres
def test_the_budget_ends_with_the_migration(learner, algebra, enforced):
    view(learner, algebra)

    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


@pytest.mark.sqlite
def test_the_patience_of_the_connection_is_given_back(learner, algebra, enforced):
    def patience():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            return cursor.fetchone()[0]

    before = patience()
    view(learner, algebra)

    assert patience() == before > 0


def test_the_budget_bounds_the_whole_migration_and_not_each_statement(
    learner, algebra, enforced, settings
):
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "LAZY_BUDGET": 0.1}
    asked = []

    @legacy.roles(watch=[])
    def slow(user):
        for _ in range(20):
            asked.append(Enrolment.objects.exists())
            time.sleep(0.04)
        return []

    with registry.override(worlds.demo_registry_with(slow=slow)):
        found = view(learner, algebra)

    assert (found.allowed, found.world) == (True, "legacy")
    assert len(asked) < 10
    assert tallied("timeout") == 1
    assert state(learner) is None
