"""A teacher looks at the own course as a student, and the service sees it by the token."""

import pytest
from django.test import Client

from auth_lib import Gate, KeySet, TokenVerifier
from authmigration import Stage, registry
from authmigration.rollout.overrides import forced
from authmigration.tokens import options, signing
from tests.authmigration import worlds

from .conftest import exchange, post
from .test_devices import csrf

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("tokens_on")]


@pytest.fixture
def teacher(algebra):
    teacher = worlds.user(is_teacher=True)
    algebra.owner = teacher
    algebra.save()
    return teacher


@pytest.fixture
def desk(teacher):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(teacher, backend="django.contrib.auth.backends.ModelBackend")
    with forced(Stage.ENFORCE):
        yield browser


@pytest.fixture
def gate():
    given = options.get()
    keys = KeySet(signing.keys())
    verifier = TokenVerifier(issuer=given.issuer, audience="gradebook", keys=keys)
    return Gate(verifier, policy=registry.get().policy)


def view(desk, course, role="student", **more):
    body = {"role": role, "context": f"course:{course.pk}", **more}
    return post(desk, "view-as/", body, **csrf(desk))


def answers(gate, desk, course):
    token = exchange(desk).json()["access_token"]
    here = ("course", str(course.pk))
    return (
        gate.check(token, "grade.edit", *here).allowed,
        gate.check(token, "lecture.view", *here).allowed,
        gate.check(token, "lecture.view", *here, safe=False).allowed,
    )


def test_the_next_token_sees_as_the_role_and_the_one_after_the_end_does_not(desk, algebra, gate):
    before = answers(gate, desk, algebra)
    assert view(desk, algebra).status_code == 204
    during = answers(gate, desk, algebra)
    assert post(desk, "view-as/end/", **csrf(desk)).status_code == 204

    assert before == (True, True, True)
    assert during == (False, True, False)
    assert answers(gate, desk, algebra) == before


def test_a_role_that_may_not_be_viewed_is_refused(desk, algebra):
    response = view(desk, algebra, role="guest")

    assert (response.status_code, response.json()["error"]) == (403, "view_as_refused")


@pytest.mark.parametrize(
    "more", [{"minutes": 0}, {"minutes": 1e9}, {"minutes": "x"}, {"context": 7}, {"role": "tutor"}]
)
def test_what_cannot_be_meant_is_the_callers_fault(desk, algebra, more):
    body = {"role": "student", "context": f"course:{algebra.pk}", **more}

    response = post(desk, "view-as/", body, **csrf(desk))

    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


def test_nobody_who_is_not_signed_in_views_anything(algebra):
    stranger = Client(enforce_csrf_checks=True)

    assert view(stranger, algebra).json()["error"] == "not_signed_in"
