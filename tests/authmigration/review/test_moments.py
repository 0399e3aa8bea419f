"""Beginnings and ends as legacy tables hold them: sentinels, days, no zone, another zone."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from auth_lib import Context, Fact
from authmigration import assign, check, legacy
from authmigration.errors import InvalidMoment
from authmigration.models import Assignment, SubjectState
from monolith.courses.models import Enrolment
from tests.authmigration import worlds
from tests.authmigration.review.declared import HOLDER
from tests.authmigration.rows import loaded, outcome, state

pytestmark = pytest.mark.django_db(transaction=True)

ACT = {"actor": "a test", "reason": "to be seen"}
WITHOUT_ZONE = dt.datetime.fromisoformat("2099-01-01T12:00")
LATER = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)


def table(**columns):
    return legacy.table(Enrolment, user="student", context="course", role=HOLDER, **columns)


def the_fact_of(who):
    (sourced,) = loaded(who).facts
    return sourced.fact


def test_the_last_day_of_all_is_no_end(anna, algebra, declaring, enforced):
    worlds.enrol(anna, algebra, registered_on=dt.date(9999, 12, 31))
    with declaring(source=table(valid_until="registered_on")):
        assert outcome(anna) == "migrated"
        assert the_fact_of(anna).valid_until is None
        assert check(anna, "course.edit", algebra)


def test_the_first_day_of_all_is_no_beginning(anna, algebra, declaring, enforced, settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    worlds.enrol(anna, algebra, registered_on=dt.date(1, 1, 1))
    with declaring(source=table(valid_from="registered_on")):
        assert outcome(anna) == "migrated"
        assert check(anna, "course.edit", algebra)


def test_a_row_that_begins_with_unix_time_is_unchanged_the_second_time(anna, algebra, declaring):
    worlds.enrol(anna, algebra, ends_at=dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
    with declaring(source=table(valid_from="ends_at")):
        assert outcome(anna) == "migrated"
        assert outcome(anna) == "unchanged"


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("column", "value", "holds"),
    [
        ("valid_from", "infinity", False),
        ("valid_from", "-infinity", True),
        ("valid_until", "infinity", True),
        ("valid_until", "-infinity", False),
    ],
)
def test_infinity_is_read_on_the_side_on_which_it_lies(
    anna, algebra, declaring, enforced, column, value, holds
):
    row = worlds.enrol(anna, algebra)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE courses_enrolment SET ends_at = %s WHERE id = %s", [value, row.pk])
    with declaring(source=table(**{column: "ends_at"})):
        assert outcome(anna) == "migrated"
        assert outcome(anna) == "unchanged"
        assert bool(check(anna, "course.edit", algebra)) is holds


def test_a_day_ends_with_the_day_of_the_installation_wherever_the_request_comes_from(
    anna, algebra, declaring
):
    worlds.enrol(anna, algebra, registered_on=dt.date(2099, 6, 1))
    with declaring(source=table(valid_until="registered_on")):
        assert outcome(anna) == "migrated"
        with timezone.override("Pacific/Auckland"):
            assert outcome(anna) == "unchanged"
    assert the_fact_of(anna).valid_until == dt.datetime(2099, 6, 2, tzinfo=dt.UTC)


def generator_of(*facts):
    @legacy.roles(watch=[])
    def generated(user):
        return facts

    return generated


@pytest.mark.parametrize("end", [WITHOUT_ZONE, dt.date(2099, 1, 1), "2099-01-01"])
def test_a_function_that_gives_no_moment_is_told_so(anna, algebra, declaring, end):
    with declaring(source=generator_of(HOLDER.at(algebra.pk, valid_until=end))):
        assert outcome(anna) == "failed"
    assert "InvalidMoment" in state(anna).reason


def test_without_zones_a_moment_is_one_of_the_installation(anna, algebra, declaring, settings):
    settings.USE_TZ, settings.TIME_ZONE = False, "Europe/Berlin"
    with declaring(source=generator_of(HOLDER.at(algebra.pk, valid_until=WITHOUT_ZONE))):
        assert outcome(anna) == "migrated"
        assert outcome(anna) == "unchanged"
    assert the_fact_of(anna).valid_until == dt.datetime(2099, 1, 1, 11, tzinfo=dt.UTC)


@pytest.mark.parametrize("name", ["valid_from", "valid_until"])
def test_whoever_assigns_without_a_zone_is_told_so(anna, algebra, declaring, name):
    with declaring(), pytest.raises(InvalidMoment, match="no time zone"):
        assign(anna, HOLDER, algebra, **{name: WITHOUT_ZONE}, **ACT)
    assert not Assignment.objects.exists()


def test_a_fact_that_is_built_by_hand_is_unchanged_the_second_time(anna, algebra, declaring):
    by_hand = [
        Fact("holder", Context("course", algebra.pk)),
        Fact("holder", Context("course", f"0{algebra.pk}"), "refuse"),
    ]
    with declaring(source=generator_of(*by_hand)):
        assert outcome(anna) == "migrated"
        assert outcome(anna) == "unchanged"
    assert {s.fact.context.id for s in loaded(anna).facts} == {str(algebra.pk)}


@pytest.mark.parametrize("days", range(1, 9))
def test_a_native_role_of_somebody_retired_gets_its_new_end(anna, algebra, declaring, days):
    until = LATER + dt.timedelta(days=days)
    with declaring():
        assign(anna, HOLDER, algebra, valid_until=LATER, **ACT)
        SubjectState.objects.update(retired_at=timezone.now())
        assign(anna, HOLDER, algebra, valid_until=until, **ACT)
    assert Assignment.objects.get().valid_until == until


def test_a_service_gets_a_role_that_legacy_keeps_for_people(algebra, declaring, enforced):
    written = legacy.write(on={"status": "active"}, off={"status": "withdrawn"})
    with declaring(source=table(write=written)):
        change = assign("service:payments", HOLDER, algebra, **ACT)
        assert "people only" in change.not_representable
        assert check("service:payments", "course.edit", algebra)
    assert not Enrolment.objects.exists()


def test_a_condition_that_holds_for_no_row_yields_nothing(anna, algebra, declaring):
    worlds.enrol(anna, algebra)
    with declaring(source=table(where=Q(kind__in=[]))):
        assert outcome(anna) == "migrated"
    assert not loaded(anna).facts


def test_without_zones_an_end_is_written_in_the_time_of_the_installation(
    anna, algebra, declaring, settings
):
    settings.USE_TZ, settings.TIME_ZONE = False, "Europe/Berlin"
    written = legacy.write(on={"status": "active"}, off={"status": "withdrawn"})
    with declaring(source=table(valid_until="ends_at", write=written)):
        change = assign(anna, HOLDER, algebra, valid_until=LATER, **ACT)
    assert change.sources == ("courses.Enrolment",)
    assert Enrolment.objects.get().ends_at == dt.datetime.fromisoformat("2099-01-01T01:00")
