"""An application opens an account, and has tokens with the same answer."""

import pytest
from django.test import Client
from django.urls import reverse

from authmigration.models import RefreshFamily
from feature_flags.testing import override_flags
from monolith.accounts.models import User

FORM = {"username": "new", "password1": "correct horse 7", "password2": "correct horse 7"}
HEADERS = {"accept": "application/json", "x-auth-client": "campus-app/1.0"}

pytestmark = pytest.mark.django_db(transaction=True)


def register(client, form=FORM):
    return client.post(reverse("register"), form, headers=HEADERS)


def test_an_application_that_registers_somebody_has_tokens_at_once(client):
    with override_flags({"authz_tokens": True}):
        response = register(client)
        held = {"refresh_token": response.json()["refresh_token"]}
        again = client.post("/auth/refresh/", held, "application/json")

    assert response.status_code == 201
    assert response.json()["id"] == str(User.objects.get(username="new").pk)
    assert "no-store" in response["Cache-Control"]
    assert again.status_code == 200
    assert RefreshFamily.objects.get().client == "campus-app/1.0"


def test_with_tokens_off_the_account_is_open_all_the_same(client):
    response = register(client)

    assert response.status_code == 201
    assert response.json()["no_tokens"] == "tokens_disabled"
    assert "access_token" not in response.json()
    assert User.objects.filter(username="new").exists()


def test_a_form_with_mistakes_opens_nothing(client):
    response = register(client, {**FORM, "password2": "another"})

    assert response.status_code == 400
    assert response.json()["error"] == "invalid_request"
    assert list(response.json()["fields"]) == ["password2"]
    assert not User.objects.filter(username="new").exists()


def test_its_csrf_token_is_asked_for_as_of_any_form():
    assert register(Client(enforce_csrf_checks=True)).status_code == 403


def test_a_browser_gets_a_session_and_no_token_in_the_page(client):
    with override_flags({"authz_tokens": True}):
        response = client.post(reverse("register"), FORM, headers={"accept": "text/html,*/*"})

    assert response.url == reverse("home")
    assert client.session["_auth_user_id"]
