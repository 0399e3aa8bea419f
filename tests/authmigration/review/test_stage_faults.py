"""The stage where something around it fails, and the way back whoever admitted somebody."""

import time
from unittest import mock

import pytest
from django.contrib.auth.models import Group
from django.db import OperationalError, connection, models, transaction
from django.db.models import Func, Value
from waffle import get_waffle_flag_model

from authmigration import Stage, check, filter_queryset, legacy, registry, unassign
from authmigration.errors import UnitsUnknown
from authmigration.rollout import flags, stage_of, units
from authmigration.rollout.overrides import forced
from authmigration.stages import set_back, set_stage
from authmigration.subjects import subject_of
from feature_flags.testing import forget_snapshot
from monolith.accounts.models import User
from monolith.courses.authz import STUDENT
from monolith.courses.models import Course
from tests.authmigration import worlds
from tests.authmigration.rows import captured, sync

pytestmark = pytest.mark.django_db(transaction=True)

ACT = {"actor": "a test", "reason": "to be seen"}


@pytest.fixture
def learner(anna, algebra):
    worlds.enrol(anna, algebra)
    return anna


@pytest.fixture
def nothing_known():
    """The flags cannot be read, and never could since this process started."""
    with mock.patch("feature_flags.store.Store._content", side_effect=OperationalError("down")):
        forget_snapshot()
        yield
    forget_snapshot()


@pytest.fixture
def expelled_after_retiring(learner, algebra):
    with captured():
        sync(*User.objects.all())
        set_stage("everyone", Stage.RETIRED, **ACT)
    unassign(learner, STUDENT, algebra, **ACT)
    return learner


def test_a_process_that_has_never_read_the_flags_does_not_ask_dead_tables(
    expelled_after_retiring, algebra, nothing_known
):
    found = check(expelled_after_retiring, "course.view", algebra)
    assert (found.allowed, found.world) == (False, "central")


def test_whoever_is_not_retired_is_left_to_legacy_there(learner, algebra, nothing_known):
    found = check(learner, "course.view", algebra)
    assert (found.allowed, found.world) == (True, "legacy")


@pytest.fixture
def units_fail(monkeypatch):
    def boom(subject):
        raise ZeroDivisionError

    monkeypatch.setattr(units, "_host_function", lambda _: boom)


def test_legacy_decides_for_somebody_whose_units_are_not_known(learner, algebra, units_fail):
    set_stage("25%", Stage.SHADOW, **ACT)
    assert check(learner, "course.view", algebra)
    assert stage_of(subject_of(learner)) == (Stage.OFF, "units unknown")


def test_nobody_is_retired_while_somebody_has_units_that_are_not_known(learner, units_fail):
    with captured():
        sync(learner)
        with pytest.raises(UnitsUnknown, match=f"subject {learner.pk}"):
            set_stage("25%", Stage.RETIRED, **ACT)


def test_units_that_break_the_transaction_of_the_caller_are_its_error(
    learner, algebra, monkeypatch
):
    def down(subject):
        raise OperationalError("down")

    monkeypatch.setattr(units, "_host_function", lambda _: down)
    set_stage("25%", Stage.SHADOW, **ACT)
    with transaction.atomic(), pytest.raises(OperationalError):
        check(learner, "course.view", algebra)


def by_waffle(**columns):
    rows = get_waffle_flag_model().objects
    names = (flags.SHADOW.name, flags.ENFORCE.name)
    found = [rows.create(name=name, superusers=False, **columns) for name in names]
    forget_snapshot()
    return found


def set_back_by_its_rule(who):
    staged = stage_of(subject_of(who))
    assert staged.stage is Stage.ENFORCE
    assert set_back(staged.rule, "confirmed escalation")
    forget_snapshot()
    return stage_of(subject_of(who)).stage


@pytest.mark.parametrize(
    "columns", [{"everyone": True}, {"percent": "99.9"}, {"authenticated": True}]
)
def test_whom_waffle_admits_is_set_back_as_well(anna, columns, monkeypatch):
    monkeypatch.setattr(units, "of", lambda _: ("school:7",))
    by_waffle(**columns)
    assert set_back_by_its_rule(anna) is Stage.SHADOW


def test_a_tester_of_waffle_is_set_back_as_well(anna):
    for row in by_waffle():
        row.users.add(anna)
    forget_snapshot()
    assert set_back_by_its_rule(anna) is Stage.SHADOW


def test_a_group_of_waffle_is_set_back_as_well(anna):
    pilots = Group.objects.create(name="pilots")
    anna.groups.add(pilots)
    for row in by_waffle():
        row.groups.add(pilots)
    forget_snapshot()
    assert set_back_by_its_rule(anna) is Stage.SHADOW


class Sleep(Func):
    function = "pg_sleep"
    output_field = models.TextField()


@pytest.mark.postgres
def test_a_list_of_the_old_code_is_compared_for_no_longer_than_a_moment(anna, algebra):
    def slow(user):
        return Course.objects.annotate(slept=Sleep(Value(3.0))).filter(slept__isnull=False)

    sync(anna)
    old = legacy.list("course.edit")(slow)
    with registry.override(worlds.demo_registry_with(old=old)), forced(Stage.SHADOW):
        began = time.monotonic()
        filter_queryset(anna, "course.edit", Course.objects.all())
        assert time.monotonic() - began < 2
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)
