"""Rotation over HTTP: lost answers, young tokens, reuse."""

from datetime import timedelta

import pytest
from django.utils import timezone

from authmigration.models import RefreshToken
from authmigration.tokens import families, options

from .conftest import exchange, post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("tokens_on")]


def refused(response):
    return response.status_code, response.json()["error"]


def by_application(user):
    """Return the refresh token of an application that keeps it itself."""
    return families.begin(str(user.pk), user).text


def an_hour_passes():
    """Let every refresh token be an hour old."""
    RefreshToken.objects.update(issued_at=timezone.now() - timedelta(hours=1))


def test_a_token_younger_than_the_grace_is_answered_with_itself(client, anna):
    first = by_application(anna)

    texts = [first]
    for _ in range(3):
        body = {"refresh_token": texts[-1]}
        texts.append(post(client, "refresh/", body).json()["refresh_token"])

    assert first != texts[1] == texts[2] == texts[3]
    assert post(client, "refresh/", {"refresh_token": first}).json()["refresh_token"] == texts[1]


def test_a_lost_answer_and_an_hour_without_a_line_sign_nobody_out(client, anna):
    held = by_application(anna)
    lost = post(client, "refresh/", {"refresh_token": held}).json()["refresh_token"]
    an_hour_passes()

    response = post(client, "refresh/", {"refresh_token": held})

    assert response.status_code == 200
    assert response.json()["refresh_token"] not in (held, lost)
    body = {"refresh_token": lost}  # whoever got it after all
    assert refused(post(client, "refresh/", body)) == (401, "refresh_reused")


def test_a_browser_whose_answer_got_lost_comes_back_after_an_hour(browser):
    exchange(browser)
    before = browser.cookies[options.get().cookie].value
    post(browser, "refresh/")
    browser.cookies[options.get().cookie] = before
    an_hour_passes()

    assert post(browser, "refresh/").status_code == 200
    assert post(browser, "refresh/").status_code == 200


def test_reuse_signs_the_device_out(client, anna):
    text = by_application(anna)
    newer = families.rotate(text).text
    an_hour_passes()
    newer = families.rotate(newer).text

    assert refused(post(client, "refresh/", {"refresh_token": text})) == (401, "refresh_reused")
    assert refused(post(client, "refresh/", {"refresh_token": newer})) == (
        401,
        "refresh_reused",
    )
