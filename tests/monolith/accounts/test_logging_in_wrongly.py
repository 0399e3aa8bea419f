"""Who may not log in is told so by the page; no token, no session, and no 500."""

import pytest
from django.urls import reverse

from authmigration.models import RefreshFamily
from feature_flags.testing import override_flags
from monolith.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def tokens(settings):
    given = settings.AUTHMIGRATION
    settings.AUTHMIGRATION = {**given, "TOKENS": {**given["TOKENS"], "AT_LOG_IN": True}}
    with override_flags({"authz_tokens": True}):
        yield


@pytest.mark.parametrize("given", ["wrong", "", "\x00", "x" * 5000], ids=repr)
@pytest.mark.parametrize("is_active", [True, False])
def test_a_wrong_password_is_the_form_again(client, given, is_active):
    User.objects.create_user("bert", password="correct horse", is_active=is_active)

    response = client.post(reverse("login"), {"username": "bert", "password": given})

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not client.session.get("_auth_user_id")
    assert not RefreshFamily.objects.exists()


def test_a_closed_account_is_told_what_a_wrong_password_is_told(client):
    User.objects.create_user("open", password="correct horse")
    User.objects.create_user("closed", password="correct horse", is_active=False)

    def told(name, password):
        answer = client.post(reverse("login"), {"username": name, "password": password})
        return answer.status_code, answer.context["form"].non_field_errors()

    assert told("closed", "correct horse") == told("open", "wrong")
    assert not RefreshFamily.objects.exists()
