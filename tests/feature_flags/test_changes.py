from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, connection, connections
from django.utils import timezone
from waffle.models import Flag as WaffleFlag

from feature_flags import (
    Flag,
    FlagSubject,
    Reason,
    admit,
    current_snapshot,
    deny,
    evaluate,
    hold,
    release,
    remove,
    set_everyone,
    set_options,
    set_percentage,
)
from feature_flags.errors import (
    InvalidCohort,
    InvalidFlag,
    MissingActor,
    MissingReason,
    NoSuchRule,
    PrerequisiteCircle,
    StoreUnreachable,
    UnknownCohort,
)
from feature_flags.models import FlagEvent, FlagOptions, Rule

pytestmark = pytest.mark.django_db
FLAG = Flag("changed")
BY = {"actor": "anna", "reason": "a pilot"}
ANNA = FlagSubject("1", lambda: ("school:7",))


def asked():
    return evaluate(current_snapshot(), FLAG, ANNA)


def rules():
    return [f"{rule.effect} {rule.cohort.name}" for rule in Rule.objects.all()]


def test_each_change_does_what_its_name_says():
    admit(FLAG, "unit:school:7", **BY)
    assert asked().reason is Reason.COHORT
    hold(FLAG, "unit:school:7", **BY)
    assert asked().reason is Reason.HELD
    admit(FLAG, "subject:1", **BY)
    assert asked().reason is Reason.TESTER
    deny(FLAG, "subject:1", **BY)
    assert asked().reason is Reason.DENIED
    release(FLAG, "subject:1", **BY)
    remove(FLAG, "subject:1", **BY)
    assert asked().reason is Reason.HELD
    release(FLAG, "unit:school:7", **BY)
    assert asked().reason is Reason.COHORT
    remove(FLAG, "unit:school:7", **BY)
    assert asked().reason is Reason.OFF


def test_each_change_leaves_one_event_with_before_and_after(boss):
    admit(FLAG, "unit:school:7", actor=boss, reason=" a pilot ", channel="command")

    event = FlagEvent.objects.get()
    assert (event.actor, event.actor_name) == (str(boss.pk), "boss")
    assert (event.channel, event.action, event.reason) == ("command", "admit", "a pilot")
    assert (event.target_type, event.target) == ("flag", "changed")
    assert event.before["rules"] == []
    assert event.after["rules"] == ["admit unit:school:7"]


@pytest.mark.parametrize(
    "change",
    [
        lambda by: admit(FLAG, "everyone", **by),
        lambda by: remove(FLAG, "everyone", **by),
        lambda by: deny(FLAG, "everyone", **by),
        lambda by: hold(FLAG, "everyone", **by),
        lambda by: release(FLAG, "everyone", **by),
        lambda by: set_percentage(FLAG, 2_500, **by),
        lambda by: set_everyone(FLAG, True, **by),
        lambda by: set_options(FLAG, salt="lots", **by),
    ],
)
@pytest.mark.parametrize(
    ("by", "error"),
    [
        ({"actor": "anna", "reason": ""}, MissingReason),
        ({"actor": "anna", "reason": " \n"}, MissingReason),
        ({"actor": "anna", "reason": None}, MissingReason),
        ({"actor": "", "reason": "a pilot"}, MissingActor),
        ({"actor": None, "reason": "a pilot"}, MissingActor),
        ({"actor": "anna", "reason": "a pilot", "channel": "fax"}, ValueError),
    ],
)
def test_no_change_without_actor_reason_and_known_channel(change, by, error):
    with pytest.raises(error):
        change(by)

    assert not FlagEvent.objects.exists()
    assert not Rule.objects.exists()


def test_there_is_one_percentage_a_flag():
    WaffleFlag.objects.create(name="changed", percent=50, superusers=False)
    set_percentage(FLAG, 2_500, **BY)
    assert rules() == ["admit 25%"]
    assert WaffleFlag.objects.get().percent is None

    set_percentage(FLAG, 5_000, **BY)
    admit(FLAG, "60%", **BY)
    assert rules() == ["admit 60%"]

    set_percentage(FLAG, 0, **BY)
    assert rules() == []
    assert FlagEvent.objects.filter(action="set_percentage").count() == 3


@pytest.mark.django_db(transaction=True)
def test_percentages_set_at_the_same_time_leave_one():
    def change(size):
        try:
            set_percentage(FLAG, size, **BY)
        finally:
            connections.close_all()

    for _ in range(3):
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(change, [1_000, 2_000, 3_000, 4_000]))
        assert Rule.objects.count() == 1


def test_admitting_twice_is_one_rule_with_the_later_end():
    until = timezone.now() + timedelta(hours=1)
    admit(FLAG, "everyone", **BY)
    admit(FLAG, "everyone", until=until, **BY)

    assert Rule.objects.get().until == until


@pytest.mark.parametrize(
    "until",
    [datetime(2100, 1, 1), timezone.now() - timedelta(seconds=1)],  # noqa: DTZ001 -- refused
)
def test_an_end_that_is_past_or_nowhere_is_refused(until):
    with pytest.raises(InvalidCohort, match="no coming moment"):
        hold(FLAG, "everyone", until=until, **BY)


def test_everyone_is_written_to_waffles_row_without_turning_superusers_on(boss):
    set_everyone(FLAG, None, **BY)
    assert not evaluate(current_snapshot(), FLAG, FlagSubject.of_user(boss))

    set_everyone(FLAG, True, **BY)
    assert asked().rule == "waffle everyone=Yes"
    set_everyone(FLAG, False, **BY)
    assert asked().reason is Reason.KILLED
    assert FlagEvent.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_kill_in_waffles_row_is_committed_although_waffles_cache_is_down(monkeypatch):
    def down(self):
        raise ConnectionError("the cache is down")

    set_everyone(FLAG, True, **BY)
    monkeypatch.setattr(WaffleFlag, "flush", down)

    set_everyone(FLAG, False, **BY)

    assert WaffleFlag.objects.get().everyone is False
    assert asked().reason is Reason.KILLED


def test_what_is_not_there_cannot_be_taken_away():
    admit(FLAG, "everyone", **BY)

    with pytest.raises(NoSuchRule, match=r"'hold or deny everyone'. It has: admit everyone"):
        release(FLAG, "everyone", **BY)
    with pytest.raises(NoSuchRule, match=r"no rule 'admit unit:school:7'"):
        remove(FLAG, "unit:school:7", **BY)
    assert FlagEvent.objects.count() == 1


def test_a_change_that_fails_leaves_nothing_half_written():
    with pytest.raises(UnknownCohort):
        admit(FLAG, "pilot", **BY)
    with pytest.raises(InvalidFlag):
        admit(" changed", "everyone", **BY)
    with pytest.raises(InvalidCohort):
        set_percentage(FLAG, 10_001, **BY)

    assert not FlagEvent.objects.exists()
    assert not FlagOptions.objects.exists()


def test_options_are_set_whole_and_never_in_a_circle():
    base = Flag("changed_base", prerequisite=FLAG)
    set_options(FLAG, salt="lots", safe=True, **BY)
    assert current_snapshot().plan(FLAG).salt == "lots"

    with pytest.raises(PrerequisiteCircle, match="changed > changed_base > changed"):
        set_options(FLAG, prerequisite=base, **BY)
    assert FlagOptions.objects.get(flag="changed").salt == "lots"

    with pytest.raises(InvalidFlag):
        set_options(FLAG, salt="x" * 101, **BY)
    set_options(FLAG, prerequisite="elsewhere", **BY)
    assert asked().rule == "elsewhere is off"
    assert FlagOptions.objects.get(flag="changed").salt == ""


def test_a_database_that_cannot_be_written_says_that_nothing_was_changed():
    def down(execute, sql, params, many, context):
        raise OperationalError("the disk is full")

    with (
        connection.execute_wrapper(down),
        pytest.raises(StoreUnreachable, match="Nothing was chang"),
    ):
        admit(FLAG, "everyone", **BY)
