"""From one key to the next: every step waits until nobody is refused a good token by it."""

import base64
import inspect
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from auth_lib import Key, KeySet, PublishedKeys, TokenVerifier
from auth_lib.key_sets import SeveralSources
from authmigration import flushing, trail
from authmigration.models import TokenKey
from authmigration.tokens import key_uses, machines, options, rotation, signing
from tests.authmigration.http.tokens.conftest import exchange, post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("tokens_on")]

SECRET = {"algorithm": "HS256", "key": "s" * 48}
PEM = Key.generate("Ed25519").private_pem()
NEW = {"algorithm": "Ed25519", "key": PEM}
KID = Key("Ed25519", PEM).key_id


@pytest.fixture
def deploy(settings):
    """Put keys into force as a deployment does: each process starts anew."""

    def deployed(*keys):
        tokens = {**settings.AUTHMIGRATION["TOKENS"], "KEYS": list(keys)}
        settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "TOKENS": tokens}

    return deployed


def age(**by):
    """Let time pass for what is recorded."""
    for row in TokenKey.objects.all():
        for name in ("first_published_at", "withheld_at", "issued_at", "ends_at"):
            if getattr(row, name) is not None:
                setattr(row, name, getattr(row, name) - timedelta(**by))
        row.save()


def published():
    response = Client().get("/auth/jwks.json")
    assert response.status_code == 200
    return response.content


def states():
    return [(each.algorithm, each.state, each.safe) for each in rotation.statuses()]


def waits(key_id=KID):
    return next(each.wait_for for each in rotation.statuses() if each.key_id == key_id)


def test_from_a_secret_to_ed25519_no_verifier_with_stale_keys_refuses_a_good_token(
    deploy, browser, monkeypatch
):
    clock = [0.0]
    service = PublishedKeys(
        "https://lms.example/jwks.json",
        fetch=lambda url, timeout: published(),
        clock=lambda: clock[0],
    )

    def fetch_anew():
        clock[0] += 10_000
        service._refresh(wait=True)

    def verifies(token):
        keys = SeveralSources([KeySet([Key.from_secret(SECRET["key"])]), service])
        given = options.get()
        return TokenVerifier(issuer=given.issuer, audience="gradebook", keys=keys).verify(token)

    def issued():
        return exchange(browser).json()["access_token"]

    deploy(SECRET)
    tokens = [issued()]
    assert states() == [("HS256", "signing", True)]

    deploy(SECRET, NEW)
    assert states()[1] == ("Ed25519", "prepared", False)
    fetch_anew()
    tokens.append(issued())
    assert states()[1] == ("Ed25519", "prepared", False)
    age(seconds=rotation.SPREAD.total_seconds() + 1)
    assert states()[1] == ("Ed25519", "prepared", True)

    deploy(NEW, SECRET)
    # What the service holds is from before the step, and nothing is fetched any more.
    monkeypatch.setattr(service, "_fetch", lambda url, timeout: pytest.fail("fetched"))
    tokens.append(issued())
    assert all(verifies(token) for token in tokens)
    assert states() == [("Ed25519", "signing", True), ("HS256", "retiring", False)]
    assert "tokens that it signed" in waits("")

    age(seconds=options.get().seconds + 361)
    assert states() == [("Ed25519", "signing", True), ("HS256", "retiring", True)]
    deploy(NEW)
    tokens.append(issued())
    assert verifies(tokens[-1])
    assert states() == [("Ed25519", "signing", True), ("HS256", "retired", True)]


def test_a_key_that_no_service_fetched_is_not_safe_however_old_it_is(deploy, browser):
    deploy(SECRET, NEW)
    exchange(browser)
    age(days=30)

    assert "no service has fetched" in waits()


def test_a_process_of_the_deployment_before_that_still_answers_without_the_key_puts_it_off(deploy):
    old = {"algorithm": "ES256", "key": Key.generate("ES256").private_pem()}
    deploy(old, NEW)
    published()
    age(hours=1)
    assert waits() == ""

    deploy(old)
    published()
    deploy(old, NEW)

    assert "without it until" in waits()


def test_a_process_of_the_deployment_before_that_still_signs_puts_the_end_off(deploy, browser):
    deploy(NEW, SECRET)
    published()
    TokenKey.objects.filter(algorithm="HS256").update(
        issued_at=timezone.now(), ends_at=timezone.now()
    )
    age(days=1)
    assert waits("") == ""

    deploy(SECRET, NEW)
    exchange(browser)
    deploy(NEW, SECRET)

    assert "may still hold until" in waits("")


def test_a_thousand_tokens_within_a_minute_are_recorded_by_one_write(
    deploy, browser, django_assert_num_queries
):
    deploy(NEW)
    exchange(browser)
    first = TokenKey.objects.get().issued_at
    key = signing.keys()[0]

    with django_assert_num_queries(0):
        for _ in range(1000):
            key_uses.has_signed(key)
            key_uses.flush()

    assert TokenKey.objects.get().issued_at == first


def test_the_last_token_of_a_key_ends_within_what_is_recorded(deploy, browser):
    deploy(NEW)
    answer = exchange(browser).json()

    ends = TokenKey.objects.get().ends_at.timestamp()

    assert answer["issued_at"] + answer["expires_in"] <= ends + 1


def test_a_key_that_begins_to_sign_is_recorded_though_it_was_published_a_moment_ago(
    deploy, browser
):
    deploy(NEW)
    published()
    exchange(browser)

    assert TokenKey.objects.get().issued_at is not None


def test_what_could_not_be_written_is_written_later(deploy, monkeypatch, caplog):
    deploy(NEW)
    key_uses.has_signed(signing.keys()[0])
    with monkeypatch.context() as patched:
        patched.setattr(key_uses.TokenKey, "objects", None)
        flushing.flush_quietly()
    assert "could not be written" in caplog.text

    flushing.flush_quietly()

    assert TokenKey.objects.get().issued_at is not None


def test_a_program_that_gets_a_token_is_recorded_as_well(deploy, anna):
    deploy(NEW)
    secret = machines.add("nightly", "gradebook", trail.authorship(anna, "a test"))
    basic = base64.b64encode(f"nightly:{secret}".encode()).decode()
    body = {"grant_type": "client_credentials"}
    answer = post(Client(), "token/", body, Authorization=f"Basic {basic}")

    assert answer.status_code == 200
    assert TokenKey.objects.get().issued_at is not None


def test_a_service_keeps_the_keys_for_as_long_as_the_status_supposes():
    lifespan = inspect.signature(PublishedKeys).parameters["lifespan"].default

    assert lifespan == rotation.SERVICES_SECONDS


def test_two_secrets_that_cannot_be_told_apart_are_never_safe(deploy):
    deploy(SECRET, {"algorithm": "HS256", "key": "t" * 48})

    assert ["key_id of its own" in each.wait_for for each in rotation.statuses()] == [True, True]


def test_the_status_is_printed_and_checked(deploy, browser):
    deploy(SECRET, NEW)
    exchange(browser)
    out = StringIO()
    call_command("authz_keys", "status", stdout=out)
    told = out.getvalue()

    assert "signing: HS256 without a kid" in told
    assert f"prepared: Ed25519 {KID}" in told
    assert "safe to proceed  no: no service has fetched" in told
    assert SECRET["key"] not in told
    with pytest.raises(CommandError) as refused:
        call_command("authz_keys", "status", "--check", stdout=StringIO())
    assert refused.value.returncode == 1

    published()
    age(hours=1)
    call_command("authz_keys", "status", "--check", stdout=StringIO())
