"""What becomes of one comparison: its kind, its confirmation, and what never reaches the caller."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from authmigration import legacy, registry, shadow
from authmigration.models import Mismatch
from authmigration.shadow import comparing, observe, recording
from authmigration.shadow.comparing import TIMEOUT_MILLISECONDS
from monolith.accounts.models import User
from tests.authmigration import worlds
from tests.authmigration.shadow.comparisons import (
    ALLOWED,
    DENIED,
    EQUAL,
    ESCALATION,
    LOCKOUT,
    comparison,
    tallied,
)

pytestmark = pytest.mark.django_db

TODAY = date.today()  # noqa: DTZ011 -- a day of the calendar in which people plan


@pytest.fixture(autouse=True)
def nothing_waits():
    recording._waiting.take()
    yield
    recording._waiting.take()


def recorded(made):
    observe(made)
    shadow.flush()
    return Mismatch.objects.first()


@pytest.mark.parametrize("pair", [EQUAL, shadow.Pair(False, DENIED)])
def test_equal_answers_are_counted_and_nothing_is_recorded(pair):
    assert recorded(comparison(pair)) is None
    assert tallied() == {"equal": 1}


@pytest.mark.parametrize(("pair", "kind"), [(ESCALATION, "escalation"), (LOCKOUT, "lockout")])
def test_a_difference_that_nobody_declared_is_what_it_would_mean_at_enforce(pair, kind):
    assert recorded(comparison(pair)).kind == kind
    assert tallied() == {kind: 1}


def test_a_denial_that_closes_a_known_flaw_is_intended():
    row = recorded(comparison(LOCKOUT, stricter="F01: the owner was not asked"))

    assert (row.kind, row.reason) == ("intended", "F01: the owner was not asked")


def test_an_escalation_is_never_intended():
    assert recorded(comparison(ESCALATION, stricter="F01")).kind == "escalation"


def expecting(until, permission="course.edit"):
    value = legacy.expected(permission, reason="rule of May", until=until)
    return registry.override(worlds.demo_registry_with(expected=value))


@pytest.mark.parametrize("pair", [ESCALATION, LOCKOUT])
@pytest.mark.parametrize("days", [0, 1])
def test_a_difference_that_is_vouched_for_is_expected_through_its_last_day(pair, days):
    with expecting(TODAY + timedelta(days=days)):
        row = recorded(comparison(pair))

    assert (row.kind, row.reason) == ("expected", "rule of May")


def test_a_difference_is_vouched_for_no_longer_than_said():
    with expecting(TODAY - timedelta(days=1)):
        assert recorded(comparison(ESCALATION)).kind == "escalation"


def test_a_difference_is_vouched_for_by_permission():
    with expecting(TODAY, permission="course.view"):
        assert recorded(comparison(ESCALATION)).kind == "escalation"


@pytest.mark.parametrize("again", [EQUAL, shadow.Pair(False, DENIED), lambda: None])
def test_a_difference_that_is_gone_on_a_fresh_look_was_a_race(again):
    assert recorded(comparison(ESCALATION, again)) is None
    assert tallied() == {"raced": 1}


def test_a_difference_is_what_the_fresh_look_shows():
    assert recorded(comparison(ESCALATION, LOCKOUT)).kind == "lockout"


def explode(*_, **__):
    raise ZeroDivisionError


@pytest.mark.parametrize(
    "made",
    [
        comparison(explode),
        comparison(ESCALATION, explode),
        comparison(ESCALATION, roles=explode),
    ],
)
def test_a_candidate_that_breaks_is_counted_and_reaches_nobody(made, caplog):
    assert observe(made) is None
    assert tallied() == {"failed": 1}
    assert "Comparing course.edit failed." in caplog.text


def test_a_recorder_that_breaks_reaches_nobody(monkeypatch):
    monkeypatch.setattr(comparing, "record", explode)

    assert observe(comparison(ESCALATION)) is None
    assert tallied()["failed"] == 1


def ask_nonsense():
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")


@pytest.mark.parametrize("made", [comparison(ask_nonsense), comparison(ESCALATION, ask_nonsense)])
def test_a_query_that_fails_leaves_the_transaction_of_the_caller_whole(made):
    with transaction.atomic():
        before = worlds.user()
        observe(made)
        after = worlds.user()

    assert User.objects.filter(pk__in=[before.pk, after.pk]).count() == 2
    assert tallied() == {"failed": 1}


@pytest.mark.postgres
@pytest.mark.parametrize("place", ["now", "again"])
def test_a_query_that_is_slow_is_cut_off_and_its_limit_goes_with_it(place):
    def sleep():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")

    made = comparison(sleep) if place == "now" else comparison(ESCALATION, sleep)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '7s'")
    observe(made)

    assert tallied() == {"failed": 1}
    assert timeout() == "7s"
    assert TIMEOUT_MILLISECONDS < 1000


def timeout():
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return cursor.fetchone()[0]


@pytest.mark.postgres
def test_the_limit_goes_after_a_query_that_was_fast_enough():
    def look():
        assert timeout() == f"{TIMEOUT_MILLISECONDS}ms"
        return EQUAL

    observe(comparison(look))

    assert tallied() == {"equal": 1}
    assert timeout() == "0"


def test_a_comparison_that_asks_nothing_costs_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        observe(comparison(EQUAL))
        observe(comparison(LOCKOUT, EQUAL))


class TestFingerprints:
    def test_one_cause_is_one_row_with_a_count(self):
        for subject in ("7", "8", "9"):
            recorded(comparison(ESCALATION, subject=subject))

        row = Mismatch.objects.get()
        assert row.count == 3
        assert row.example["subject"] == "7"
        assert row.first_seen <= row.last_seen

    @pytest.mark.parametrize(
        "other",
        [
            comparison(LOCKOUT),
            comparison(ESCALATION, permission="course.view"),
            comparison(ESCALATION, context_type="school"),
            comparison(ESCALATION, roles=lambda: ("student", "teacher")),
        ],
    )
    def test_another_cause_is_another_row(self, other):
        recorded(comparison(ESCALATION))
        recorded(other)

        assert Mismatch.objects.count() == 2

    def test_the_example_can_be_replayed_and_names_nobody(self):
        anna = worlds.user(first_name="Anna", last_name="Meier")

        row = recorded(comparison(ESCALATION, subject=str(anna.pk)))

        assert row.example == {
            "subject": str(anna.pk),
            "roles": ["teacher"],
            "control": False,
            "candidate": str(ALLOWED),
            "replay": f"authz_explain {anna.pk} course.edit course:<id>",
        }
        texts = str(Mismatch.objects.values().get())
        assert not any(part in texts for part in (anna.username, anna.email, "Anna", "Meier"))

    @pytest.mark.parametrize("pair", [ESCALATION, LOCKOUT])
    def test_what_comes_again_was_not_mended_and_is_open_again(self, pair):
        row = recorded(comparison(pair))
        Mismatch.objects.update(resolved_at=row.last_seen)

        assert recorded(comparison(pair)).resolved_at is None

    def test_an_intended_difference_that_comes_again_stays_closed(self):
        row = recorded(comparison(LOCKOUT, stricter="F01"))
        Mismatch.objects.update(resolved_at=row.last_seen)

        assert recorded(comparison(LOCKOUT, stricter="F01")).resolved_at is not None


class TestInsideATransaction:
    def test_what_was_found_waits_until_somebody_writes_it(self):
        with transaction.atomic():
            observe(comparison(ESCALATION))
            waiting = shadow.is_waiting(), Mismatch.objects.count()

        assert waiting == (True, 0)
        assert (shadow.flush(), Mismatch.objects.count()) == (1, 1)
        assert not shadow.is_waiting()

    def test_what_was_found_outlives_a_rollback(self):
        with transaction.atomic():
            observe(comparison(ESCALATION))
            transaction.set_rollback(True)

        shadow.flush()
        assert Mismatch.objects.count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_outside_of_one_it_is_written_at_once(self):
        assert observe(comparison(ESCALATION)) == Mismatch.objects.get()
        assert not shadow.is_waiting()
