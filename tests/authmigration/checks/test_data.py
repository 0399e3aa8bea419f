"""What is wrong with the data; looked at only when Django is told to."""

import sys

import pytest
from django.db import DatabaseError, connection
from django.db.models import Q
from django.utils import timezone

from auth_lib import Role
from authmigration import ContextType, capture, checks, legacy, progress, trail
from authmigration.checks import data
from authmigration.models import SubjectState
from authmigration.rollout import Stage, writing
from monolith.courses.models import Course, Enrolment
from tests.authmigration import worlds
from tests.authmigration.progress.states import migrate

BY = trail.Authorship("test", "a test")
ALL = (checks.check_capture, checks.check_ceiling, checks.check_values)


@pytest.fixture
def everything_is_wrong(db, settings):
    """Enforce without capture, retire below the ceiling, and write a value that nobody mapped."""
    writing.write_stage("everyone", Stage.ENFORCE, BY)
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "CEILING": "enforce"}
    someone = worlds.user()
    migrate(someone)
    SubjectState.objects.update(retired_at=timezone.now())
    worlds.enrol(someone, worlds.course(worlds.school()), kind=99)


def found(databases=("default",)):
    return [each for check in ALL for each in check(databases=databases)]


@pytest.mark.django_db
def test_a_platform_in_order_gets_no_message():
    assert found() == []


def test_authmigration_e007_names_the_tables_and_the_command(everything_is_wrong):
    (error,) = checks.check_capture(databases=["default"])

    assert error.id == "authmigration.E007"
    assert "accounts_person, accounts_profile" in error.msg
    assert "`manage.py authz_capture install`" in error.hint


def test_with_the_triggers_in_place_everybody_may_be_enforced(everything_is_wrong):
    capture.install()

    assert checks.check_capture(databases=["default"]) == []


@pytest.mark.django_db
@pytest.mark.parametrize("stage", [Stage.OFF, Stage.SHADOW])
def test_below_enforce_nothing_has_to_be_captured(stage):
    writing.write_stage("everyone", stage, BY)

    assert checks.check_capture(databases=["default"]) == []


def test_a_ceiling_below_enforce_keeps_everybody_from_it(everything_is_wrong, settings):
    settings.AUTHMIGRATION = {"CEILING": "shadow"}

    assert checks.check_capture(databases=["default"]) == []


def test_authmigration_e010_says_how_many_are_retired_above_the_ceiling(everything_is_wrong):
    (error,) = checks.check_ceiling(databases=["default"])

    assert error.id == "authmigration.E010"
    assert "is 'enforce', and 1 subject is retired" in error.msg
    assert error.hint == "Set AUTHMIGRATION['CEILING'] to 'retired'."


def test_authmigration_e008_names_the_source_the_column_and_the_value(everything_is_wrong):
    (error,) = checks.check_values(databases=["default"])

    assert error.id == "authmigration.E008"
    assert error.msg.startswith("Source courses.Enrolment: the column 'kind' holds 99, which")
    assert "ignore={...} with a reason" in error.hint


COURSE = ContextType("course", Course)
STUDENT = Role("student", on="course", can={"course.view"})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "status", "ok"),
    [(10, "active", True), (20, "active", True), (5, "active", False), (5, "withdrawn", True)],
)
def test_a_value_is_unmapped_only_where_the_source_looks(declare, kind, status, ok):
    source = legacy.table(
        Enrolment,
        user="student",
        context="course",
        role="kind",
        roles={10: STUDENT},
        ignore={20: "guests only look"},
        where=Q(status="active"),
    )
    declare(COURSE=COURSE, STUDENT=STUDENT, SOURCE=source)
    worlds.enrol(worlds.user(), worlds.course(worlds.school()), kind=kind, status=status)

    assert (checks.check_values(databases=["default"]) == []) is ok


@pytest.mark.django_db
def test_every_unmapped_value_is_named_once():
    course = worlds.course(worlds.school())
    for kind in (98, 99, 99, 10):
        worlds.enrol(worlds.user(), course, kind=kind)

    (error,) = checks.check_values(databases=["default"])

    assert "holds 98, 99, which" in error.msg


@pytest.mark.parametrize("databases", [None, [], ["other"]])
def test_without_being_told_no_check_asks_the_database(
    everything_is_wrong, django_assert_num_queries, databases
):
    with django_assert_num_queries(0):
        assert found(databases) == []


def test_migrate_is_not_stopped_by_what_it_may_be_about_to_mend(everything_is_wrong, monkeypatch):
    assert len(found()) == 3

    monkeypatch.setattr(sys, "argv", ["manage.py", "migrate", "--noinput"])

    assert found() == []


def test_a_database_without_the_tables_is_left_in_peace(everything_is_wrong, monkeypatch):
    names = connection.introspection.table_names()
    some = [name for name in names if name != "authmigration_subjectstate"]
    monkeypatch.setattr(connection.introspection, "table_names", lambda: some)

    assert found() == []


def test_a_database_whose_tables_are_not_migrated_yet_is_left_in_peace(
    everything_is_wrong, monkeypatch
):
    def older() -> int:
        raise DatabaseError("no such column: retired_at")

    monkeypatch.setattr(progress, "retired", older)

    assert checks.check_ceiling(databases=["default"]) == []


def test_the_name_of_a_check_is_that_of_its_function():
    assert [check.__name__ for check in ALL] == ["check_capture", "check_ceiling", "check_values"]
    assert data.check_capture.__doc__.startswith("Look whether changes")
