"""What is nobody's fault is charged to nobody: a timeout, a lock, a lost connection."""

import sqlite3

import pytest
from django.db import DataError, InterfaceError, OperationalError, connection, transaction

from authmigration import Stage, backfill, check, conf, counters, legacy
from authmigration.dialects import is_passing
from authmigration.lazy_migration import on_access
from authmigration.lazy_migration.retrying import retry
from authmigration.rollout.overrides import forced
from authmigration.snapshots import reading
from tests.authmigration.review.declared import HOLDER
from tests.authmigration.rows import is_fresh, know_the_mapping, state

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shadowed():
    with forced(Stage.SHADOW):
        yield


def raising(error):
    @legacy.roles(watch=[])
    def generated(user):
        raise error

    return generated


def tallied(label):
    return counters._tallies.counts["lazy", label]


def asked_as_often_as_a_failure_would_take(who, what):
    for _ in range(conf.get().quarantine_after + 1):
        on_access.forget()
        check(who, "course.edit", what)


def test_a_timeout_sets_nobody_aside(anna, algebra, declaring, shadowed):
    with declaring(source=raising(OperationalError("canceling statement"))):
        with pytest.raises(OperationalError):
            check(anna, "course.edit", algebra)  # the legacy answer is read from there as well
        assert state(anna) is None
    assert tallied("timeout") == 1


@pytest.mark.postgres
def test_a_function_that_is_stopped_by_the_budget_sets_nobody_aside(
    anna, algebra, declaring, shadowed, settings
):
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "LAZY_BUDGET": 0.05}

    @legacy.roles(watch=[])
    def slow(user):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.2)")
        yield HOLDER.at(algebra.pk)

    with declaring(source=slow):
        asked_as_often_as_a_failure_would_take(anna, algebra)
        assert state(anna) is None
        assert tallied("timeout") == conf.get().quarantine_after + 1
        assert check(anna, "course.edit", algebra)


def test_whoever_took_too_long_rests_and_is_tried_again_later(anna, algebra, shadowed, monkeypatch):
    know_the_mapping()
    on_access._resting.add(str(anna.pk))
    check(anna, "course.edit", algebra)
    assert state(anna) is None
    assert tallied("resting") == 1
    now = on_access.time.monotonic()
    monkeypatch.setattr(on_access.time, "monotonic", lambda: now + on_access.REST_SECONDS)
    check(anna, "course.edit", algebra)
    assert is_fresh(anna)


def test_few_are_remembered_as_resting(monkeypatch):
    monkeypatch.setattr(on_access, "MOST_RESTING", 2)
    for subject in "abc":
        on_access._resting.add(subject)
    assert [on_access._resting.holds(subject) for subject in "abc"] == [False, True, True]


def test_a_backfill_that_is_stopped_charges_nobody(anna, declaring):
    with declaring(source=raising(OperationalError("canceling statement"))):
        report = backfill.run(resync=False)
    assert (report.busy, report.failed, report.quarantined) == (1, 0, 0)
    assert state(anna) is None


def test_an_attempt_on_demand_that_is_stopped_charges_nobody(anna, declaring):
    with declaring(source=raising(OperationalError("canceling statement"))):
        found = retry(str(anna.pk), using="default", reason="to be seen")
    assert (found.outcome, state(anna)) == ("busy", None)
    assert "canceling statement" in found.reason


def test_a_fault_of_the_data_is_charged(anna, declaring):
    with declaring(source=raising(DataError("out of range"))):
        backfill.run(resync=False)
    assert state(anna).status == "quarantined"


@pytest.mark.parametrize("where", [on_access, reading])
def test_a_lost_connection_is_no_error_of_the_request(anna, algebra, shadowed, monkeypatch, where):
    def lost(*_, **__):
        raise InterfaceError("connection already closed")

    name = "synchronise" if where is on_access else "load"
    monkeypatch.setattr(where, name, lost)
    monkeypatch.setattr(on_access, "record_failure", lost)
    assert not check(anna, "course.edit", algebra)


@pytest.mark.parametrize("error", [RuntimeError("no"), InterfaceError("connection already closed")])
def test_a_failure_that_cannot_be_recorded_is_no_error_of_the_request(
    anna, algebra, shadowed, monkeypatch, error
):
    def failing(*_, **__):
        raise error

    monkeypatch.setattr(on_access, "synchronise", raising(ZeroDivisionError()).function)
    monkeypatch.setattr(on_access, "record_failure", failing)
    assert not check(anna, "course.edit", algebra)


def test_the_ceiling_holds_after_a_commit_too(anna, algebra, shadowed, settings):
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "LAZY_CONCURRENCY": 0}
    with transaction.atomic():
        check(anna, "course.edit", algebra)
    assert state(anna) is None
    assert tallied("ceiling") == 1


def test_nothing_is_migrated_in_a_transaction_that_the_caller_ends_by_hand(anna, algebra, shadowed):
    know_the_mapping()
    transaction.set_autocommit(False)
    try:
        assert not check(anna, "course.edit", algebra)
    finally:
        transaction.rollback()
        transaction.set_autocommit(True)
    assert state(anna) is None


def with_cause(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "passing"),
    [
        (InterfaceError("closed"), True),
        (OperationalError("server closed the connection unexpectedly"), True),
        (with_cause(OperationalError(), sqlite3.OperationalError("database is locked")), True),
        (with_cause(OperationalError(), sqlite3.OperationalError("no such column: x")), False),
        (DataError("value too long"), False),
        (ValueError("no"), False),
    ],
)
def test_of_the_moment_is_what_another_moment_might_not_show(error, passing):
    assert is_passing(error) is passing


@pytest.mark.parametrize("state", ["57014", "40001", "40P01", "55P03", "53300", "08006"])
def test_timeouts_locks_and_lost_connections_of_postgresql_are_of_the_moment(state):
    assert is_passing(
        with_cause(OperationalError(), type("E", (Exception,), {"sqlstate": state})())
    )
