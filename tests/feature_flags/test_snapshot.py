import math

import pytest

from feature_flags import Effect, Flag, Snapshot, Source, evaluate
from feature_flags.errors import InvalidCohort, NoSuchRule, UnknownCohort
from tests.feature_flags.worlds import EMPTY, subject, with_content, with_waffle

FLAG = Flag("snapped")
ANNA = subject("1", "school:7")


def test_adding_a_rule_leaves_the_snapshot_as_it_was():
    after = EMPTY.with_rule(FLAG, "unit:school:7")

    assert evaluate(after, FLAG, ANNA)
    assert not evaluate(EMPTY, FLAG, ANNA)
    assert EMPTY.rules(FLAG) == ()


def test_a_flag_has_one_percentage():
    snapshot = with_waffle(FLAG, basis_points=9_000).with_percentage(FLAG, 2_500)
    assert [rule.words for rule in snapshot.rules(FLAG)] == ["admit 25%"]
    assert snapshot.content.waffle["snapped"].basis_points == 0

    snapshot = snapshot.with_rule(FLAG, "30%").with_rule(FLAG, "40%")
    assert [rule.words for rule in snapshot.rules(FLAG)] == ["admit 40%"]
    assert snapshot.with_percentage(FLAG, 0).rules(FLAG) == ()


def test_the_same_rule_twice_is_one_rule():
    snapshot = EMPTY.with_rule(FLAG, "everyone").with_rule(FLAG, "everyone")

    assert len(snapshot.rules(FLAG)) == 1


def test_a_rule_taken_away_is_the_one_of_that_effect():
    snapshot = EMPTY.with_rule(FLAG, "everyone").with_rule(FLAG, "everyone", Effect.HOLD)

    assert [r.effect for r in snapshot.without_rule(FLAG, "everyone").rules(FLAG)] == [Effect.HOLD]


def test_a_rule_that_is_not_there_cannot_be_taken_away():
    with pytest.raises(NoSuchRule, match=r"no rule 'admit unit:school:8'. It has: admit everyone"):
        EMPTY.with_rule(FLAG, "everyone").without_rule(FLAG, "unit:school:8")


def test_everyone_is_waffles_column():
    assert evaluate(EMPTY.with_everyone(FLAG, True), FLAG, ANNA)
    assert not evaluate(EMPTY.with_rule(FLAG, "everyone").with_everyone(FLAG, False), FLAG, ANNA)


def test_an_unknown_cohort_is_named_with_those_that_exist():
    pilot = EMPTY.cohort("unit:school:7")
    snapshot = with_content(cohorts={"pilot-schools": pilot})

    assert snapshot.cohort("pilot-schools") is pilot
    with pytest.raises(UnknownCohort, match=r"Did you mean 'pilot-schools'") as raised:
        snapshot.with_rule(FLAG, "pilot-school")
    assert raised.value.known == ["pilot-schools"]
    with pytest.raises(InvalidCohort):
        snapshot.with_rule(FLAG, "user:7")


def test_a_snapshot_tells_its_age_and_source():
    assert Snapshot().age == math.inf
    assert Snapshot().source is Source.SAFE
    assert EMPTY.age > 0
