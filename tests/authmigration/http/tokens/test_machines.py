"""A nightly job gets a token of its own, for the one service that it calls."""

import base64
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from auth_lib import Gate, KeySet, TokenVerifier
from authmigration import Stage, assign, registry
from authmigration.models import AuditEvent, ServiceClient
from authmigration.rollout.overrides import forced
from authmigration.tokens import options, signing
from monolith.courses.authz import TA

pytestmark = pytest.mark.django_db(transaction=True)

WHO = {"actor": "test", "reason": "a test"}
NAME = "nightly-export"


def run(*arguments):
    out = StringIO()
    call_command("authz_service", *arguments, "--reason=a test", stdout=out)
    return out.getvalue()


@pytest.fixture
def secret(db):
    return run("add", NAME, "--audience=gradebook").splitlines()[0]


FORM = "application/x-www-form-urlencoded"


def ask(client, secret, name=NAME, grant="client_credentials"):
    basic = base64.b64encode(f"{name}:{secret}".encode()).decode()
    return client.post(
        "/auth/token/",
        f"grant_type={grant}",
        content_type=FORM,
        headers={"Authorization": f"Basic {basic}"},
    )


def gate(audience):
    keys = KeySet(signing.keys())
    verifier = TokenVerifier(issuer=options.get().issuer, audience=audience, keys=keys)
    return Gate(verifier, policy=registry.get().policy)


def test_a_program_does_what_its_roles_allow_at_its_one_service(client, secret, algebra):
    assign(f"service:{NAME}", TA, algebra, **WHO)
    with forced(Stage.ENFORCE):
        response = ask(client, secret)
    token = response.json()["access_token"]

    here = ("course", str(algebra.pk))
    assert gate("gradebook").check(token, "grade.edit", *here)
    assert not gate("gradebook").check(token, "course.edit", *here)
    assert not gate("monolith").is_authenticated(token)
    assert "refresh_token" not in response.json()
    assert response.json()["expires_in"] <= 300


def test_a_kill_leaves_it_nothing(client, secret, algebra):
    assign(f"service:{NAME}", TA, algebra, **WHO)
    with forced(Stage.OFF):
        token = ask(client, secret).json()["access_token"]

    assert not gate("gradebook").check(token, "grade.edit", "course", str(algebra.pk))


@pytest.mark.parametrize("wrong", ["secret", "name", "disabled", "empty"])
def test_no_stranger_is_told_what_was_wrong(client, secret, wrong):
    if wrong == "disabled":
        run("disable", NAME)
    name = "nobody" if wrong == "name" else NAME
    shown = {"secret": "x" * 43, "empty": ""}.get(wrong, secret)

    response = ask(client, shown, name)

    assert response.status_code == 401
    assert response.json() == {
        "error": "invalid_client",
        "message": "The program or its secret is not known here.",
    }


@pytest.mark.parametrize("header", ["", "Bearer x", "Basic !", "Basic ", "Basic /w=="])
def test_a_header_that_cannot_be_read_is_no_error_of_ours(client, db, header):
    response = client.post(
        "/auth/token/",
        "grant_type=client_credentials",
        content_type=FORM,
        headers={"Authorization": header},
    )

    assert response.status_code == 401


@pytest.mark.parametrize("grant", ["password", "", "refresh_token"])
def test_other_grants_are_refused(client, secret, grant):
    response = ask(client, secret, grant=grant)

    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


def test_the_secret_is_kept_as_a_hash_and_its_birth_has_an_event(secret):
    assert secret not in ServiceClient.objects.get().digest
    event = AuditEvent.objects.get(action="service_add")
    assert (event.subject, event.detail) == (f"service:{NAME}", {"audience": "gradebook"})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "X Y", "--audience=gradebook"), "no name of a program"),
        (("add", "x", "--audience=planet"), "No service is called 'planet'"),
        (("add", "x"), "--audience"),
        (("add",), "Name the program"),
        (("add", NAME, "--audience=gradebook"), "already"),
    ],
)
def test_what_cannot_be_registered_is_said(secret, arguments, words):
    with pytest.raises(CommandError, match=words):
        run(*arguments)


def test_programs_are_listed_with_their_state(secret):
    assert "active" in run("list")
    assert "no more tokens" in run("disable", NAME)
    assert "disabled" in run("list")
    assert "Nothing was changed" in run("disable", NAME)
