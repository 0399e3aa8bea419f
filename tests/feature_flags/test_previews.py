import random

from feature_flags import Effect, Flag, evaluate, preview
from feature_flags.previews import unit_is_on
from tests.feature_flags.worlds import EMPTY, subject

FLAG = Flag("previewed")


def test_a_preview_names_who_flips_and_which_units_and_who_is_alone():
    people = [
        subject("in7", "school:7"),
        subject("in8", "school:8"),
        subject("both", "school:7", "school:8"),
        subject("alone"),
        subject("tester", "school:7"),
    ]
    before = EMPTY.with_rule(FLAG, "subject:tester").with_rule(FLAG, "unit:school:8")
    after = before.without_rule(FLAG, "unit:school:8").with_rule(FLAG, "unit:school:7")
    after = after.with_rule(FLAG, "unit:subject:alone")

    found = preview(before, after, FLAG, people)

    assert (found.on, found.off) == (("in7", "alone"), ("in8",))
    assert (found.units_on, found.units_off) == (("school:7",), ("school:8",))
    assert (found.alone_on, found.alone_off) == (("alone",), ())
    assert (found.stays_on, found.stays_off) == (1, 1)
    assert str(found).startswith("on for 1 units and 2 subjects (1 of them in no unit); off for 1")


def units_of(people):
    return {unit for each in people for unit in each.units}


def test_a_preview_is_exactly_what_then_happens():
    lots = random.Random(7)
    people = [
        subject(str(n), *{f"school:{lots.randrange(40)}" for _ in range(lots.randrange(3))})
        for n in range(500)
    ]
    before = EMPTY.with_percentage(FLAG, 2_500)
    after = EMPTY.with_percentage(FLAG, 5_000).with_rule(FLAG, "unit:school:3", Effect.DENY)

    found = preview(before, after, FLAG, people)

    was = {each.id for each in people if evaluate(before, FLAG, each)}
    will = {each.id for each in people if evaluate(after, FLAG, each)}
    assert (set(found.on), set(found.off)) == (will - was, was - will)
    assert found.stays_on == len(was & will)
    assert found.stays_on + found.stays_off + len(found.on) + len(found.off) == 500
    assert found.on
    schools = [f"school:{n}" for n in range(40) if f"school:{n}" in units_of(people)]
    on_before = {each for each in schools if unit_is_on(before, FLAG, each)}
    on_after = {each for each in schools if unit_is_on(after, FLAG, each)}
    assert found.units_on == tuple(sorted(on_after - on_before))
    assert found.units_off == tuple(sorted(on_before - on_after))
    assert on_before & on_after
    assert "school:3" not in on_after


def test_a_unit_is_on_for_members_whom_no_rule_names():
    snapshot = EMPTY.with_rule(FLAG, "unit:school:7").with_rule(FLAG, "unit:school:9")
    snapshot = snapshot.with_rule(FLAG, "unit:school:9", Effect.HOLD)

    assert unit_is_on(snapshot, FLAG, "school:7")
    assert not unit_is_on(snapshot, FLAG, "school:8")
    assert not unit_is_on(snapshot, FLAG, "school:9")
