"""Properties of ramps, over any population and any sequence of steps."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from feature_flags import Effect, Flag, evaluate
from tests.feature_flags.worlds import EMPTY, subject

FLAG = Flag("ramp")
UNITS = st.lists(st.integers(0, 40).map(lambda number: f"school:{number}"), max_size=3)
PEOPLE = st.dictionaries(st.integers(1, 9_999).map(str), UNITS, min_size=1, max_size=30)
SIZES = st.integers(0, 10_000)
EXTRA = st.sets(st.sampled_from([f"unit:school:{n}" for n in range(10)] + ["subject:1", "group:a"]))


def on(snapshot, flag, people):
    return {
        name for name, units in people.items() if evaluate(snapshot, flag, subject(name, *units))
    }


def with_rules(cohorts, effect):
    snapshot = EMPTY
    for cohort in cohorts:
        snapshot = snapshot.with_rule(FLAG, cohort, effect)
    return snapshot


@given(PEOPLE, st.lists(SIZES, min_size=2, max_size=6).map(sorted), EXTRA, EXTRA)
def test_raising_a_percentage_never_loses_a_subject(people, steps, admitted, held):
    base = with_rules(admitted, Effect.ADMIT)
    for cohort in held:
        base = base.with_rule(FLAG, cohort, Effect.HOLD)

    reached = [on(base.with_percentage(FLAG, size), FLAG, people) for size in steps]

    assert all(lower <= higher for lower, higher in pairwise(reached))


@given(PEOPLE, SIZES, SIZES)
def test_going_back_to_a_percentage_gives_exactly_its_subjects_back(people, first, second):
    start = EMPTY.with_percentage(FLAG, first)
    there_and_back = start.with_percentage(FLAG, second).with_percentage(FLAG, first)

    assert on(there_and_back, FLAG, people) == on(start, FLAG, people)


@given(PEOPLE, SIZES, SIZES)
def test_two_flags_of_one_salt_nest(people, first, second):
    inner, outer = Flag("inner", salt="stage"), Flag("outer", salt="stage")
    small, large = sorted((first, second))
    snapshot = EMPTY.with_percentage(inner, small).with_percentage(outer, large)

    assert on(snapshot, inner, people) <= on(snapshot, outer, people)


@given(PEOPLE)
def test_a_hundred_percent_is_everybody_and_zero_is_nobody(people):
    assert on(EMPTY.with_percentage(FLAG, 10_000), FLAG, people) == set(people)
    assert on(EMPTY.with_percentage(FLAG, 0), FLAG, people) == set()


def test_at_a_quarter_no_school_is_mixed():
    snapshot = EMPTY.with_percentage(FLAG, 2_500)
    schools = {
        number: {
            bool(evaluate(snapshot, FLAG, subject(f"{number}-{person}", f"school:{number}")))
            for person in range(20)
        }
        for number in range(300)
    }

    assert all(len(answers) == 1 for answers in schools.values())
    assert 50 < sum(answers == {True} for answers in schools.values()) < 100
