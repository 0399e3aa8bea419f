"""Keys that do not fit, and keys that may be given twice."""

import pytest
from django.db import models

from auth_lib.contexts import ID_MAX_LENGTH
from authmigration import ContextType, checks
from authmigration.checks import keys
from authmigration.models import Assignment, SubjectState
from authmigration.subjects import SUBJECT_MAX_LENGTH
from monolith.accounts.models import User
from monolith.courses.models import Course


class Named(models.Model):
    name = models.CharField(max_length=200, primary_key=True)

    class Meta:
        app_label = "tests"


class Short(models.Model):
    name = models.CharField(max_length=64, primary_key=True)

    class Meta:
        app_label = "tests"


class Endless(models.Model):
    name = models.TextField(primary_key=True)

    class Meta:
        app_label = "tests"


class Borrowed(models.Model):
    user = models.OneToOneField(Named, models.CASCADE, primary_key=True)

    class Meta:
        app_label = "tests"


class Unique(models.Model):
    id = models.UUIDField(primary_key=True)

    class Meta:
        app_label = "tests"


def found_for(monkeypatch, model):
    monkeypatch.setattr(keys, "get_user_model", lambda: model)
    return [each.id.partition(".")[2] for each in checks.check_keys()]


@pytest.mark.parametrize(
    ("model", "fits"),
    [(User, True), (Unique, True), (Short, True), (Named, False), (Endless, False)],
)
def test_authmigration_e011_asks_for_ids_that_fit(monkeypatch, model, fits):
    assert ("E011" not in found_for(monkeypatch, model)) is fits


@pytest.mark.parametrize(
    ("model", "once"), [(User, True), (Unique, True), (Short, False), (Named, False)]
)
def test_authmigration_w005_warns_of_ids_that_may_be_given_twice(monkeypatch, model, once):
    assert ("W005" not in found_for(monkeypatch, model)) is once


def test_a_key_that_is_borrowed_is_as_long_as_its_owner(monkeypatch):
    assert found_for(monkeypatch, Borrowed) == ["E011", "W005"]


@pytest.mark.parametrize(("model", "wrong"), [(Course, []), (Short, []), (Named, ["name"])])
def test_the_key_of_a_context_fits(declare, model, wrong):
    declare(KIND=ContextType("thing", model))

    found = checks.check_keys()

    assert [each.msg.split(",")[0].rpartition(".")[2] for each in found] == wrong
    assert all(str(ID_MAX_LENGTH) in each.hint for each in found)


def test_the_bounds_are_those_of_the_columns():
    subject, context = (Assignment._meta.get_field(n) for n in ("subject", "context_id"))
    assert (subject.max_length, context.max_length) == (SUBJECT_MAX_LENGTH, ID_MAX_LENGTH)
    assert SubjectState._meta.pk.max_length == SUBJECT_MAX_LENGTH
