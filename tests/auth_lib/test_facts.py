"""When a fact holds, and what facts amount to."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auth_lib import ANONYMOUS, PLATFORM, Context, Effect, Fact, HeldRoles

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
COURSE = Context("course", "42")


@pytest.mark.parametrize(
    ("begins", "ends", "holds"),
    [
        (None, None, True),
        (NOON, None, True),
        (NOON + TICK, None, False),
        (None, NOON, False),
        (None, NOON + TICK, True),
        (NOON, NOON + TICK, True),
        (NOON, NOON, False),
    ],
)
def test_an_interval_holds_at_its_beginning_and_no_more_at_its_end(begins, ends, holds):
    assert Fact("student", COURSE, Effect.GRANT, begins, ends).holds_at(NOON) is holds


moments = st.none() | st.datetimes(
    NOON.replace(tzinfo=None) - timedelta(days=2),
    NOON.replace(tzinfo=None) + timedelta(days=2),
    timezones=st.just(UTC),
)


@settings(deadline=None, derandomize=True)
@given(moments, moments.filter(bool), moments, moments.filter(bool))
def test_two_intervals_that_meet_hold_exactly_like_the_one_they_make(begins, between, ends, now):
    first = Fact("student", COURSE, Effect.GRANT, begins, between)
    second = Fact("student", COURSE, Effect.GRANT, between, ends)

    assert not (first.holds_at(now) and second.holds_at(now))
    if (begins is None or begins <= between) and (ends is None or between <= ends):
        whole = Fact("student", COURSE, Effect.GRANT, begins, ends)
        assert (first.holds_at(now) or second.holds_at(now)) is whole.holds_at(now)


def test_equal_facts_count_once():
    fact = Fact("student", COURSE)

    assert HeldRoles.of("7", [fact, fact], NOON).grants == {COURSE: frozenset({"student"})}


def test_several_roles_in_a_context_are_held_together():
    facts = [Fact("student", COURSE), Fact("ta", COURSE)]

    assert HeldRoles.of("7", facts, NOON).grants[COURSE] == {"student", "ta"}


def test_facts_that_do_not_hold_now_are_left_out():
    facts = [Fact("student", COURSE, Effect.GRANT, None, NOON)]

    held = HeldRoles.of("7", facts, NOON)

    assert (held.grants, held.types) == ({}, frozenset())


def test_an_ended_refusal_bars_nobody():
    facts = [Fact("student", COURSE, Effect.REFUSE, None, NOON), Fact("student", COURSE)]

    held = HeldRoles.of("7", facts, NOON)

    assert not held.refusals
    assert held.grants


def test_a_refusal_is_no_grant():
    held = HeldRoles.of("7", [Fact("student", COURSE, Effect.REFUSE)], NOON)

    assert held.refusals == {COURSE}
    assert held.grants == {}


def test_the_types_that_matter_are_those_of_grants_and_refusals():
    facts = [Fact("student", COURSE), Fact("superuser", PLATFORM, Effect.REFUSE)]

    assert HeldRoles.of("7", facts, NOON).types == {"course", "platform"}


def test_somebody_anonymous_holds_nothing():
    assert (ANONYMOUS.subject, ANONYMOUS.grants, ANONYMOUS.active) == (None, {}, True)
