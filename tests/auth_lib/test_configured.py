"""Setting a service up, and what it is told when something is missing."""

import json

import pytest

import auth_lib
from auth_lib import Key, KeyProblem, NotConfigured, Policy, PolicyError, Role, policy_document
from auth_lib.configured import instead
from auth_lib.policy import ContextKind
from auth_lib.testing import Issuer, configured, make_token

SECRET = "a secret of the test that is long enough for HS256"
TEACHER = Role("teacher", on="course", can={"grade.edit"})
POLICY = Policy((TEACHER,), (ContextKind("course"),))
ISSUED = Issuer(Key.from_secret(SECRET), issuer="https://lms.example", audience="gradebook")


@pytest.fixture(autouse=True)
def nothing_is_set_up(monkeypatch):
    for name in ("ISSUER", "AUDIENCE", "SECRET", "SECRET_FILE", "JWKS_URL", "POLICY", "LEEWAY"):
        monkeypatch.delenv(f"AUTH_LIB_{name}", raising=False)
    with instead(None):
        yield


@pytest.fixture
def environment(monkeypatch):
    monkeypatch.setenv("AUTH_LIB_ISSUER", "https://lms.example")
    monkeypatch.setenv("AUTH_LIB_AUDIENCE", "gradebook")
    monkeypatch.setenv("AUTH_LIB_SECRET", SECRET)
    return monkeypatch


def test_a_service_is_set_up_with_three_arguments():
    auth_lib.configure(issuer="https://lms.example", audience="gradebook", secret=SECRET)
    token = ISSUED.token(roles={"course": {"teacher": ["42"]}})

    assert auth_lib.is_authenticated(token)
    assert auth_lib.is_authorized(token, "course", "42", "teacher")
    assert auth_lib.is_authorized(token, "course", 42, "teacher")
    assert not auth_lib.is_authorized(token, "course", "43", "teacher")


def test_a_service_is_set_up_by_its_environment_when_first_asked(environment):
    assert auth_lib.is_authenticated(ISSUED.token())


def test_an_argument_goes_before_the_environment(environment):
    auth_lib.configure(audience="payments")

    assert not auth_lib.is_authenticated(ISSUED.token())


def test_a_secret_may_stand_in_a_file(environment, tmp_path):
    file = tmp_path / "secret"
    file.write_text(SECRET + "\n")
    environment.delenv("AUTH_LIB_SECRET")
    environment.setenv("AUTH_LIB_SECRET_FILE", str(file))

    assert auth_lib.is_authenticated(ISSUED.token())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("AUTH_LIB_ISSUER", "configure(issuer=...) or set AUTH_LIB_ISSUER"),
        ("AUTH_LIB_AUDIENCE", "configure(audience=...) or set AUTH_LIB_AUDIENCE"),
        ("AUTH_LIB_SECRET", "AUTH_LIB_JWKS_URL, AUTH_LIB_SECRET or"),
    ],
)
def test_what_is_missing_is_named_with_its_mend(environment, name, said):
    environment.delenv(name)

    with pytest.raises(NotConfigured) as refused:
        auth_lib.is_authenticated(ISSUED.token())

    assert said in str(refused.value)


def test_a_secret_file_that_is_not_there_is_named(environment):
    environment.setenv("AUTH_LIB_SECRET_FILE", "/does/not/exist")

    with pytest.raises(NotConfigured, match="/does/not/exist"):
        auth_lib.configure()


@pytest.mark.parametrize("leeway", ["a minute", "-1", "301"])
def test_a_leeway_is_some_seconds(environment, leeway):
    environment.setenv("AUTH_LIB_LEEWAY", leeway)

    with pytest.raises(NotConfigured, match="0 to 300 seconds"):
        auth_lib.configure()


def test_a_short_secret_is_refused_with_a_command_that_makes_one(environment):
    with pytest.raises(KeyProblem, match="token_urlsafe") as refused:
        auth_lib.configure(secret="short")

    assert "short" not in str(refused.value)


def test_a_policy_is_a_value_a_document_or_a_file(environment, tmp_path):
    file = tmp_path / "policy.json"
    file.write_text(policy_document.dumps(POLICY))
    token = ISSUED.token(roles={"course": {"teacher": ["42"]}})

    for policy in (POLICY, policy_document.dump(POLICY), file, str(file)):
        auth_lib.configure(policy=policy)
        assert auth_lib.check(token, "grade.edit", "course", "42")

    environment.setenv("AUTH_LIB_POLICY", str(file))
    auth_lib.configure()
    assert auth_lib.check(token, "grade.edit", "course", "42")


def test_a_broken_policy_file_is_named(environment, tmp_path):
    file = tmp_path / "policy.json"
    file.write_text(json.dumps({"format": 1}))

    with pytest.raises(PolicyError, match=r"policy\.json.*lacks"):
        auth_lib.configure(policy=file)


def test_in_a_test_the_gate_is_put_back():
    with configured() as issuer:
        assert auth_lib.is_authenticated(issuer.token())
        assert auth_lib.is_authenticated(make_token("7", roles={"course": {"ta": ["1"]}}))
        assert not auth_lib.is_authenticated(ISSUED.token())

    with pytest.raises(NotConfigured):
        auth_lib.is_authenticated("")


def test_the_tokens_of_one_test_issuer_are_nothing_to_another():
    with configured():
        assert not auth_lib.is_authenticated(Issuer().token())
