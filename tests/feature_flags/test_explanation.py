from feature_flags import Effect, Flag, Snapshot, explain
from tests.feature_flags.worlds import EMPTY, killed, subject

BASE = Flag("explained_base")
FLAG = Flag("explained", salt="x", prerequisite=BASE, kill_switch="brake")


def test_each_step_is_told_and_each_unit_with_its_bucket():
    snapshot = EMPTY.with_rule(BASE, "everyone").with_rule(FLAG, "unit:school:7")
    snapshot = snapshot.with_percentage(FLAG, 2_500)

    lines = explain(snapshot, FLAG, subject("1", "school:7", "school:9"))

    assert lines[0] == "explained for subject 1: off (off)"
    assert [line.split()[0] for line in lines[1:5]] == [
        "killed",
        "overridden",
        "safe",
        "prerequisite",
    ]
    assert "explained_base is on" in "\n".join(lines)
    assert "on only if all 2 units are" in lines[-4]
    assert "school:7: admit unit:school:7 (bucket 8451 of 10000)" in lines[-3]
    assert "school:9: not in 25% (bucket 4055 of 10000)" in lines[-2]
    assert lines[-1].startswith("  snapshot      store, ")


def test_the_telling_stops_where_it_was_decided():
    snapshot = EMPTY.with_rule(FLAG, "subject:1", Effect.DENY).with_rule(BASE, "everyone")

    lines = explain(snapshot, FLAG, subject("1"))

    assert lines[-2] == "  denied        off (denied: deny subject:1)"


def test_a_kill_is_told_with_what_holds_it():
    lines = explain(killed("brake"), FLAG, subject(""))

    assert lines[0] == ("explained for nobody in particular: off (killed: kill switch brake (row))")


def test_safe_values_are_told_as_such():
    assert explain(Snapshot(), FLAG, subject("1"))[-1].endswith("never read: safe values")
