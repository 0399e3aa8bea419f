"""The order in which a flag is decided, and what each step means."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feature_flags import Effect, Evaluation, Flag, FlagSubject, Reason, Snapshot, Traits, evaluate
from feature_flags.cohort_forms import read_cohort
from feature_flags.outside import KillFile
from feature_flags.testing import override_flags
from tests.feature_flags.worlds import (
    EMPTY,
    killed,
    subject,
    with_content,
    with_options,
    with_waffle,
)

SWITCH = "brake"
BASE = Flag("base")
FLAG = Flag("new_path", prerequisite=BASE, kill_switch=SWITCH)
PLAIN = Flag("plain")
ANNA = "1"


def everything(flag: Flag = FLAG) -> Snapshot:
    """A flag with a rule at every step, each of which would decide for Anna of school 7."""
    return (
        EMPTY.with_rule(BASE, "everyone")
        .with_rule(flag, "subject:1", Effect.DENY)
        .with_rule(flag, "subject:1", Effect.ADMIT)
        .with_rule(flag, "unit:school:7", Effect.HOLD)
        .with_rule(flag, "everyone")
        .with_percentage(flag, 10_000)
    )


def anna() -> FlagSubject:
    return subject(ANNA, "school:7")


def test_a_flag_without_any_row_is_off():
    assert evaluate(EMPTY, PLAIN, anna()) == Evaluation(False, Reason.OFF)


def test_an_answer_is_true_only_when_on():
    assert Evaluation(True, Reason.COHORT)
    assert not Evaluation(False, Reason.OFF)


def test_a_kill_stands_above_all():
    assert evaluate(killed(SWITCH, everything()), FLAG, anna()).reason is Reason.KILLED


def test_a_killed_flag_is_off_for_a_named_tester():
    snapshot = EMPTY.with_rule(FLAG, "subject:1").with_rule(BASE, "everyone")
    assert evaluate(snapshot, FLAG, anna())

    assert not evaluate(killed(SWITCH, snapshot), FLAG, anna())


def test_everyone_set_to_no_in_waffle_kills_for_a_named_tester_and_a_superuser():
    snapshot = with_waffle(PLAIN, everyone=False, users=frozenset({ANNA}), superusers=True)

    answer = evaluate(snapshot, PLAIN, subject(ANNA, is_superuser=True))

    assert answer == Evaluation(False, Reason.KILLED, "waffle everyone=No")


def test_the_kill_file_kills_what_names_a_switch_and_nothing_else():
    snapshot = replace(
        EMPTY.with_rule(PLAIN, "everyone").with_rule(BASE, "everyone").with_rule(FLAG, "everyone"),
        kill_file=KillFile("stop", datetime.now(UTC)),
        plans={},
    )

    assert evaluate(snapshot, FLAG, anna()).rule == "kill switch brake (file)"
    assert evaluate(snapshot, PLAIN, anna())


def test_the_prerequisite_stands_above_a_denial():
    snapshot = everything().without_rule(BASE, "everyone")

    assert evaluate(snapshot, FLAG, anna()) == (False, Reason.PREREQUISITE, "base is off")


def test_a_denial_stands_above_a_named_tester():
    assert evaluate(everything(), FLAG, anna()) == (False, Reason.DENIED, "deny subject:1")


def test_a_named_tester_stands_above_a_hold():
    snapshot = everything().without_rule(FLAG, "subject:1", Effect.DENY)

    assert evaluate(snapshot, FLAG, anna()) == (True, Reason.TESTER, "admit subject:1")


def test_a_hold_stands_above_cohort_and_percentage():
    snapshot = everything().without_rule(FLAG, "subject:1", Effect.DENY)
    snapshot = snapshot.without_rule(FLAG, "subject:1")

    assert evaluate(snapshot, FLAG, anna()) == (False, Reason.HELD, "hold unit:school:7")
    assert evaluate(snapshot, FLAG, subject(ANNA, "school:8")).reason is Reason.COHORT


def test_a_killed_prerequisite_turns_off_what_waits_for_it():
    base = Flag("braked_base", kill_switch="base_brake")
    flag = Flag("waiting", prerequisite=base)
    snapshot = EMPTY.with_rule(base, "everyone").with_rule(flag, "everyone")
    assert evaluate(snapshot, flag, anna())

    assert evaluate(killed("base_brake", snapshot), flag, anna()).reason is Reason.PREREQUISITE


def test_a_prerequisite_that_a_row_adds_counts_with_what_the_code_declares_of_it():
    base = Flag("rowed_base", kill_switch="rowed_brake")
    snapshot = EMPTY.with_rule(base, "everyone").with_rule(PLAIN, "everyone")
    snapshot = with_options(PLAIN, snapshot, prerequisite="rowed_base")
    assert evaluate(snapshot, PLAIN, anna())

    assert not evaluate(killed("rowed_brake", snapshot), PLAIN, anna())


def test_prerequisites_in_a_circle_are_off_and_named():
    snapshot = with_content(
        EMPTY.with_rule("left", "everyone").with_rule("right", "everyone"),
        options={
            **with_options("left", prerequisite="right").content.options,
            **with_options("right", prerequisite="left").content.options,
        },
    )

    answer = evaluate(snapshot, Flag("left"), anna())

    assert answer == (False, Reason.PREREQUISITE, "circle left > right > left")


@pytest.mark.parametrize("effect", [Effect.DENY, Effect.HOLD])
@pytest.mark.parametrize("cohort", ["unit:school:7", "group:a", "subject:1", "everyone", "100%"])
def test_denials_and_holds_reach_a_subject_by_any_unit_group_or_name(effect, cohort):
    snapshot = EMPTY.with_rule(PLAIN, "everyone").with_rule(PLAIN, cohort, effect)
    someone = subject(ANNA, "school:8", "school:7", groups=["a"])

    assert not evaluate(snapshot, PLAIN, someone)


def test_somebody_in_several_units_is_on_only_if_all_are():
    snapshot = EMPTY.with_rule(PLAIN, "unit:school:7")

    assert evaluate(snapshot, PLAIN, subject(ANNA, "school:7"))
    assert not evaluate(snapshot, PLAIN, subject(ANNA, "school:7", "school:8"))
    assert evaluate(
        snapshot.with_rule(PLAIN, "unit:school:8"), PLAIN, subject(ANNA, "school:7", "school:8")
    )


def test_one_unit_by_name_and_the_other_by_percentage_is_all():
    # Under this salt school:9 is in bucket 4055 and school:7 in 8451.
    flag = Flag("mixed", salt="x")
    snapshot = EMPTY.with_percentage(flag, 4_056).with_rule(flag, "unit:school:7")

    answer = evaluate(snapshot, flag, subject(ANNA, "school:7", "school:9"))

    assert answer == (True, Reason.PERCENTAGE, "admit 40.56%")
    assert not evaluate(snapshot.with_percentage(flag, 4_055), flag, subject(ANNA, "school:9"))


def test_a_group_admits_its_members_whatever_their_units():
    snapshot = EMPTY.with_rule(PLAIN, "group:registrars")

    assert evaluate(snapshot, PLAIN, subject(ANNA, "school:8", groups=["registrars"]))
    assert not evaluate(snapshot, PLAIN, subject(ANNA, "school:8"))


def test_an_attribute_admits_by_what_the_host_says():
    cohort = read_cohort("dach", "attribute", {"name": "country", "values": ["DE"]})
    snapshot = EMPTY.with_rule(PLAIN, cohort)

    assert evaluate(snapshot, PLAIN, subject(attributes={"country": "DE"})).reason is Reason.COHORT
    assert not evaluate(snapshot, PLAIN, subject(attributes={"country": "FR"}))


def test_whoever_is_in_no_unit_has_a_lot_of_their_own():
    on = [
        bool(evaluate(EMPTY.with_percentage(PLAIN, 5_000), PLAIN, subject(str(number))))
        for number in range(400)
    ]

    assert 150 < sum(on) < 250


def test_no_percentage_reaches_nobody_in_particular():
    assert not evaluate(EMPTY.with_percentage(PLAIN, 10_000), PLAIN, subject(""))
    assert evaluate(EMPTY.with_rule(PLAIN, "everyone"), PLAIN, subject(""))


@pytest.mark.parametrize(
    ("columns", "traits", "rule"),
    [
        ({"users": frozenset({ANNA})}, {}, "waffle users"),
        ({"groups": frozenset({"a"})}, {"groups": ["a"]}, "waffle groups"),
        ({"staff": True}, {"is_staff": True}, "waffle staff"),
        ({"superusers": True}, {"is_superuser": True}, "waffle superusers"),
        ({"authenticated": True}, {"is_authenticated": True}, "waffle authenticated"),
    ],
)
def test_waffles_columns_make_testers(columns, traits, rule):
    snapshot = with_waffle(PLAIN, **columns)

    assert evaluate(snapshot, PLAIN, subject(ANNA, **traits)) == (True, Reason.TESTER, rule)
    assert not evaluate(snapshot, PLAIN, subject("2"))


def test_everyone_set_to_yes_in_waffle_is_on_also_for_the_held_but_not_for_the_denied():
    snapshot = with_waffle(PLAIN, everyone=True).with_rule(PLAIN, "subject:1", Effect.HOLD)
    assert evaluate(snapshot, PLAIN, anna()) == (True, Reason.TESTER, "waffle everyone=Yes")

    assert not evaluate(snapshot.with_rule(PLAIN, "subject:1", Effect.DENY), PLAIN, anna())


def test_waffles_percent_is_a_bucket_of_the_unit_and_never_a_coin():
    snapshot = with_waffle(PLAIN, basis_points=5_000)
    schools = [subject(str(n), f"school:{n % 20}") for n in range(400)]

    first = [bool(evaluate(snapshot, PLAIN, each)) for each in schools]

    assert 0 < sum(first) < 400
    assert [bool(evaluate(snapshot, PLAIN, each)) for each in schools] == first
    assert first == [bool(evaluate(EMPTY.with_percentage(PLAIN, 5_000), PLAIN, s)) for s in schools]


@pytest.mark.parametrize(("ends", "on"), [(timedelta(hours=1), True), (-timedelta(hours=1), False)])
def test_a_rule_ends_by_itself(ends, on):
    until = datetime.now(UTC) + ends
    snapshot = EMPTY.with_rule(PLAIN, "unit:school:7", until=until)
    assert bool(evaluate(snapshot, PLAIN, anna())) is on

    held = EMPTY.with_rule(PLAIN, "everyone").with_rule(PLAIN, "everyone", Effect.HOLD, until=until)
    assert bool(evaluate(held, PLAIN, anna())) is not on


def test_before_anything_is_read_a_flag_answers_its_safe_value():
    nothing = Snapshot()

    assert evaluate(nothing, Flag("safe_on", safe=True), anna()).reason is Reason.SAFE
    assert evaluate(nothing, Flag("safe_on", safe=True), anna())
    assert not evaluate(nothing, PLAIN, anna())


def test_rows_that_cannot_be_read_make_their_flag_safe_and_leave_the_others_alone():
    snapshot = EMPTY.with_rule(PLAIN, "everyone").with_rule("other", "everyone")
    snapshot = with_content(snapshot, unreadable={"plain": "a kind of the next release"})

    answer = evaluate(snapshot, PLAIN, anna())

    assert answer == (False, Reason.SAFE, "a kind of the next release")
    assert evaluate(with_options(PLAIN, snapshot, safe=True), PLAIN, anna())
    assert evaluate(snapshot, Flag("other"), anna())


def test_a_declared_salt_stands_above_the_one_of_the_row():
    declared = Flag("salted", salt="x")
    snapshot = with_options(declared, EMPTY.with_percentage(declared, 8_000), salt="other")

    assert snapshot.plan(declared).salt == "x"
    assert snapshot.plan(Flag("salted")).salt == "other"
    assert EMPTY.plan(Flag("salted")).salt == "salted"


def test_units_and_traits_are_not_asked_for_where_no_rule_needs_them():
    def never():
        raise AssertionError("asked for")

    shy = FlagSubject("1", never, never)

    assert not evaluate(EMPTY, PLAIN, shy)
    assert evaluate(EMPTY.with_rule(PLAIN, "subject:1"), PLAIN, shy)
    assert evaluate(EMPTY.with_rule(PLAIN, "everyone"), PLAIN, shy)
    assert not evaluate(killed(SWITCH, everything()), FLAG, shy)


def test_groups_are_not_asked_for_where_only_superusers_are():
    def never():
        raise AssertionError("asked for")

    someone = FlagSubject("1", traits=lambda: Traits(never, attributes=never))

    assert not evaluate(with_waffle(PLAIN, superusers=True, staff=True), PLAIN, someone)


def test_an_override_stands_above_rules_but_not_above_a_kill():
    with override_flags({"new_path": True}):
        assert evaluate(EMPTY, FLAG, anna()).reason is Reason.OVERRIDDEN
        assert evaluate(EMPTY, FLAG, anna())
        assert not evaluate(killed(SWITCH), FLAG, anna())
    with override_flags({"plain": False}):
        assert not evaluate(EMPTY.with_rule(PLAIN, "everyone"), PLAIN, anna())
