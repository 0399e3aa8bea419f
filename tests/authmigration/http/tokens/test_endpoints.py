"""Tokens over HTTP: who gets them, who does not, and with which status and code."""

import json

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from auth_lib import Context, Key, KeySet, TokenVerifier, policy_document
from authmigration import Stage, registry
from authmigration.models import ContextAccess, RefreshFamily, RefreshToken
from authmigration.rollout import killing
from authmigration.rollout.overrides import forced
from authmigration.tokens import families, options, signing
from feature_flags.testing import override_flags
from tests.authmigration import worlds
from tests.authmigration.crashing import Broken

from .conftest import exchange, post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("tokens_on")]


def verified(response):
    given = options.get()
    verifier = TokenVerifier(issuer=given.issuer, audience="gradebook", keys=KeySet(signing.keys()))
    return verifier.verify(response.json()["access_token"])


def refused(response):
    return response.status_code, response.json()["error"]


def by_application(user):
    """Return the refresh token of an application that keeps it itself."""
    return families.begin(str(user.pk), user).text


class TestSession:
    def test_a_session_is_exchanged_for_a_token_with_the_roles_of_its_user(
        self, browser, anna, algebra
    ):
        response = exchange(browser)

        claims = verified(response)
        assert response.status_code == 200
        assert claims.subject == str(anna.pk)
        assert claims.grants.ids("course", "student") == {str(algebra.pk)}

    def test_the_refresh_token_of_a_browser_is_out_of_reach_of_scripts_and_other_sites(
        self, browser
    ):
        response = exchange(browser)

        cookie = response.cookies[options.get().cookie]
        assert "refresh_token" not in response.json()
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (
            True,
            "Strict",
            "/auth/",
        )

    def test_without_its_csrf_token_nothing_is_exchanged(self, browser):
        assert post(browser, "session/").status_code == 403
        assert not RefreshFamily.objects.exists()

    def test_nobody_who_is_not_signed_in_gets_one(self, db):
        assert refused(exchange(Client(enforce_csrf_checks=True))) == (401, "not_signed_in")

    def test_one_browser_is_one_device_however_often_it_asks(self, browser):
        for _ in range(3):
            exchange(browser)

        assert RefreshFamily.objects.count() == 1

    def test_answers_are_kept_nowhere(self, browser):
        assert "no-store" in exchange(browser)["Cache-Control"]

    @pytest.mark.parametrize(
        "body", [{"context": "course:1"}, {"context": ["course"]}, {"context": ["planet:1"]}, []]
    )
    def test_what_cannot_be_read_is_the_callers_fault(self, browser, body):
        assert refused(exchange(browser, body)) == (400, "invalid_request")

    def test_too_many_contexts_are_refused(self, browser):
        body = {"context": [f"course:{n}" for n in range(21)]}

        assert refused(exchange(browser, body)) == (400, "invalid_request")

    def test_asking_for_a_context_is_an_access(self, browser, anna, algebra):
        claims = verified(exchange(browser, {"context": [f"course:{algebra.pk}"]}))

        assert claims.asked == {Context("course", str(algebra.pk))}
        assert ContextAccess.objects.get().subject == str(anna.pk)


class TestRefresh:
    def test_an_application_gets_the_next_token_with_the_roles_of_now(self, client, anna):
        biology = worlds.course(worlds.school())
        text = by_application(anna)
        worlds.enrol(anna, biology)

        response = post(client, "refresh/", {"refresh_token": text})

        assert response.status_code == 200
        assert str(biology.pk) in verified(response).grants.ids("course", "student")
        assert response.json()["refresh_token"] != text
        assert response.json()["token_type"] == "Bearer"

    def test_a_browser_refreshes_by_its_cookie(self, browser):
        exchange(browser)
        before = browser.cookies[options.get().cookie].value

        response = post(browser, "refresh/")

        assert response.status_code == 200
        assert browser.cookies[options.get().cookie].value != before

    def test_a_browser_that_must_sign_in_again_loses_its_dead_cookie(self, browser):
        exchange(browser)
        families.end(RefreshFamily.objects.get(), families.SIGNED_OUT)

        assert refused(post(browser, "refresh/")) == (401, "refresh_revoked")
        assert browser.cookies[options.get().cookie].value == ""

    def test_a_browser_that_shall_come_again_keeps_its_cookie(self, browser):
        exchange(browser)
        with override_flags({"authz_tokens": False}):
            post(browser, "refresh/")

        assert browser.cookies[options.get().cookie].value

    @pytest.mark.parametrize("body", [None, {}, {"refresh_token": ""}])
    def test_whoever_brings_none_is_told_so(self, client, db, body):
        assert refused(post(client, "refresh/", body)) == (401, "refresh_missing")

    def test_one_that_is_none_of_ours_is_invalid(self, client, db):
        assert refused(post(client, "refresh/", {"refresh_token": "x"})) == (401, "refresh_invalid")

    @pytest.mark.parametrize("body", [{"refresh_token": 1}, {"refresh_token": None}, "x"])
    def test_what_cannot_be_read_is_the_callers_fault(self, client, db, body):
        assert refused(post(client, "refresh/", body)) == (400, "invalid_request")

    def test_no_json_is_the_callers_fault(self, client, db):
        response = client.post("/auth/refresh/", "{" * 9999, content_type="application/json")

        assert refused(response) == (400, "invalid_request")

    def test_a_changed_password_signs_every_device_out(self, client, anna):
        text = by_application(anna)
        anna.password = "two"
        anna.save()

        for _ in range(2):
            found = refused(post(client, "refresh/", {"refresh_token": text}))
            assert found == (401, "refresh_revoked")

    def test_a_closed_account_gets_none(self, client, anna):
        text = by_application(anna)
        anna.is_active = False
        anna.save()

        assert refused(post(client, "refresh/", {"refresh_token": text})) == (403, "inactive")

    def test_a_deleted_account_gets_none(self, client, anna):
        text = by_application(anna)
        anna.delete()

        assert refused(post(client, "refresh/", {"refresh_token": text})) == (403, "inactive")


class TestFlag:
    def test_while_tokens_are_off_devices_stay_signed_in_and_go_on_afterwards(self, client, anna):
        text = by_application(anna)
        with override_flags({"authz_tokens": False}):
            response = post(client, "refresh/", {"refresh_token": text})

        assert refused(response) == (409, "tokens_disabled")
        assert int(response["Retry-After"]) > 0
        assert post(client, "refresh/", {"refresh_token": text}).status_code == 200

    def test_the_session_works_as_before_where_they_are_off(self, browser, algebra):
        with override_flags({"authz_tokens": False}):
            assert refused(exchange(browser)) == (409, "tokens_disabled")
            assert browser.get("/courses/").status_code == 200

    def test_a_kill_signs_nobody_out_and_the_next_token_speaks_for_legacy(
        self, client, anna, algebra
    ):
        text = by_application(anna)
        with forced(Stage.ENFORCE):
            assert post(client, "refresh/", {"refresh_token": text}).status_code == 200
        killing.kill(actor="test", reason="a fire")

        response = post(client, "refresh/", {"refresh_token": text})

        assert verified(response).grants.ids("course", "student") == {str(algebra.pk)}


class TestEnd:
    def test_signing_out_of_the_platform_ends_the_device(self, browser):
        exchange(browser)
        text = browser.cookies[options.get().cookie].value
        token = browser.cookies["csrftoken"].value
        browser.post(reverse("logout"), headers={"X-CSRFToken": token})

        assert refused(post(Client(), "refresh/", {"refresh_token": text})) == (
            401,
            "refresh_revoked",
        )

    def test_signing_out_of_a_later_session_ends_the_device_as_well(self, browser, anna):
        exchange(browser)
        del browser.cookies["sessionid"]
        browser.force_login(anna, backend="django.contrib.auth.backends.ModelBackend")
        exchange(browser)
        text = browser.cookies[options.get().cookie].value
        token = browser.cookies["csrftoken"].value
        browser.post(reverse("logout"), headers={"X-CSRFToken": token})

        assert refused(post(Client(), "refresh/", {"refresh_token": text})) == (
            401,
            "refresh_revoked",
        )

    def test_revoking_ends_the_family_and_says_nothing(self, client, anna):
        text = by_application(anna)

        answers = [post(client, "revoke/", {"refresh_token": t}) for t in (text, text, "other")]

        assert [each.status_code for each in answers] == [204] * 3
        assert refused(post(client, "refresh/", {"refresh_token": text})) == (
            401,
            "refresh_revoked",
        )


def test_without_its_database_nobody_sees_a_500_and_the_client_comes_again(client, anna):
    text = by_application(anna)

    with Broken("authmigration_refresh", OperationalError).planted():
        response = post(client, "refresh/", {"refresh_token": text})

    assert refused(response) == (503, "unavailable")
    assert "Retry-After" in response
    assert post(client, "refresh/", {"refresh_token": text}).status_code == 200


def with_keys(options, *keys):
    tokens = {**options.AUTHMIGRATION["TOKENS"], "KEYS": [*keys]}
    options.AUTHMIGRATION = {**options.AUTHMIGRATION, "TOKENS": tokens}


def test_public_keys_are_published_and_secrets_never(client, settings):
    old = settings.AUTHMIGRATION["TOKENS"]["KEYS"][0]
    new = Key.generate("Ed25519")
    with_keys(settings, old, {"algorithm": "Ed25519", "key": new.private_pem()})

    document = client.get("/auth/jwks.json").json()

    assert document == {"keys": [new.public_jwk()]}
    assert old["key"] not in json.dumps(document)


def test_a_token_signed_with_a_published_key_is_verified_by_it(browser, settings):
    new = Key.generate("Ed25519")
    with_keys(settings, {"algorithm": "Ed25519", "key": new.private_pem()})

    response = exchange(browser)

    keys = KeySet.from_document(browser.get("/auth/jwks.json").json())
    given = settings.AUTHMIGRATION["TOKENS"]
    verifier = TokenVerifier(issuer=given["ISSUER"], audience="gradebook", keys=keys)
    assert verifier.verify(response.json()["access_token"])


def test_the_policy_is_published_whole(client):
    policy = policy_document.load(client.get("/auth/policy.json").json())

    assert {role.key for role in policy.roles} == {r.key for r in registry.get().policy.roles}


def test_the_refresh_tokens_of_a_device_are_hashes(browser):
    exchange(browser)
    text = browser.cookies[options.get().cookie].value

    assert text not in RefreshToken.objects.values_list("digest", flat=True)
