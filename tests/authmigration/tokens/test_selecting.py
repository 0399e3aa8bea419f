"""Which contexts stay where not all fit."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from auth_lib import PLATFORM, Context
from authmigration.tokens.selecting import Order, select

SCHOOL = Context("school", "7")
ABOVE = frozenset({"school"})


def courses(*ids):
    return [Context("course", str(id_)) for id_ in ids]


def at_most(number):
    return lambda contexts: len(contexts) <= number


def ids(selection):
    return sorted((c.id for c in selection.contexts if c.type == "course"), key=int)


def test_everything_stays_where_it_fits():
    found = select(courses(1, 2), Order(ABOVE), most=500, fits=at_most(500))

    assert (ids(found), found.truncated) == (["1", "2"], frozenset())


def test_platform_and_ancestors_always_stay():
    found = select([PLATFORM, SCHOOL, *courses(1, 2, 3)], Order(ABOVE), most=3, fits=at_most(500))

    assert {PLATFORM, SCHOOL} <= found.contexts
    assert (ids(found), found.truncated) == (["1"], {"course"})


def test_what_was_accessed_last_stays():
    one, two, three = courses(1, 2, 3)
    when = {c: datetime(2030, 1, day, tzinfo=UTC) for c, day in ((one, 2), (two, 3), (three, 1))}

    found = select(courses(1, 2, 3), Order(ABOVE, accessed=when), most=1, fits=at_most(500))

    assert ids(found) == ["2"]


def test_then_what_was_assigned_last_then_the_lower_id():
    one, two, ten = courses(1, 2, 10)
    newest = {one: 5, two: 9, ten: 5}

    found = select(courses(10, 1, 2), Order(ABOVE, newest=newest), most=2, fits=at_most(500))

    assert ids(found) == ["1", "2"]


def test_what_is_asked_for_stays():
    order = Order(ABOVE, asked=frozenset(courses(3)))

    found = select(courses(1, 2, 3), order, most=1, fits=at_most(500))

    assert (ids(found), found.truncated) == (["3"], {"course"})


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_as_many_stay_as_fit_and_none_is_lost_silently(held, most, room):
    every = courses(*range(held))

    found = select(every, Order(ABOVE), most=most, fits=at_most(room))

    assert len(found.contexts) == min(held, most, room)
    assert bool(found.truncated) is (len(found.contexts) < held)
