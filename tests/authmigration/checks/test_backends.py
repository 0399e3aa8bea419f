"""What stands between ``user.has_perm()`` and the policy."""

import pytest
from django.contrib.auth.models import AbstractUser

from authmigration import checks, legacy
from authmigration.checks import backends
from authmigration.checks.messages import BACKEND
from tests.authmigration.checks.test_declarations import COURSE, STUDENT

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


def ids():
    return [each.id.removeprefix("authmigration.") for each in checks.check_backends()]


def test_the_monolith_lets_every_question_reach_the_policy():
    assert checks.check_backends() == []
    assert checks.check_strings() == []


def test_authmigration_w010_another_backend_is_asked_before(settings):
    settings.AUTHENTICATION_BACKENDS = [MODEL_BACKEND, BACKEND]

    assert ids() == ["W010"]


def test_authmigration_w011_superusers_are_not_asked_about(monkeypatch):
    class Plain(AbstractUser):
        class Meta:
            abstract = True

    monkeypatch.setattr(backends, "get_user_model", lambda: Plain)

    assert ids() == ["W011"]


def test_authmigration_w012_nobody_asks_by_a_declared_string(settings):
    settings.AUTHENTICATION_BACKENDS = [MODEL_BACKEND, "no.such.backend"]

    assert ids() == ["W012"]


def test_without_backend_and_declaration_nothing_is_said(settings, declare):
    settings.AUTHENTICATION_BACKENDS = [MODEL_BACKEND]
    declare(COURSE=COURSE, STUDENT=STUDENT)

    assert ids() == []


def test_authmigration_w013_names_a_string_that_no_model_has(declare):
    mapping = legacy.permissions({"courses.chnage_course": "course.view"})
    declare(COURSE=COURSE, STUDENT=STUDENT, DJANGO=mapping)

    (warning,) = checks.check_strings()
    assert warning.id == "authmigration.W013"
    assert "'courses.chnage_course'" in warning.msg


@pytest.mark.parametrize(
    ("mappings", "message"),
    [
        ([{"courses.change_course": "course.edti"}], "'course.edti', which no role can do"),
        ([{"change_course": "course.view"}], "'change_course' is no permission of Django"),
        (
            [{"courses.x": "course.view"}, {"courses.x": "course.edit"}],
            "'courses.x' means 'course.view' and 'course.edit'",
        ),
    ],
)
def test_authmigration_e004_names_what_a_mapping_gets_wrong(declare, mappings, message):
    other = type(STUDENT)("author", on="course", can={"course.edit"})
    given = {f"D{number}": legacy.permissions(each) for number, each in enumerate(mappings)}
    declare(COURSE=COURSE, STUDENT=STUDENT, OTHER=other, **given)

    assert any(message in each.msg for each in checks.check_declarations())
