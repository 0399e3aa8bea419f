"""One's own devices: listed, ended, and nobody else's."""

import uuid

import pytest
from django.test import Client

from authmigration.models import AuditEvent, RefreshFamily
from authmigration.tokens import families
from tests.authmigration import worlds

from .conftest import exchange, post

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("tokens_on")]


def csrf(browser):
    browser.get("/login/")
    return {"X_CSRFToken": browser.cookies["csrftoken"].value}


def phone_of(user):
    return families.begin(str(user.pk), user, device="a phone", client="app/1").family


def test_whoever_is_signed_in_sees_where(browser, anna):
    exchange(browser)
    phone_of(anna)
    phone_of(worlds.user())

    found = browser.get("/auth/devices/").json()["devices"]

    assert [(each["device"], each["client"]) for each in found] == [("a phone", "app/1"), ("", "")]


def test_a_lost_phone_is_signed_out_with_an_event(browser, anna):
    phone = phone_of(anna)

    response = post(browser, f"devices/{phone.pk}/revoke/", **csrf(browser))

    assert response.status_code == 204
    assert RefreshFamily.objects.get(pk=phone.pk).ended_because == "revoked"
    assert AuditEvent.objects.get(action="revoke_tokens").actor == f"user:{anna.pk}"


@pytest.mark.parametrize("whose", ["of somebody else", "of nobody"])
def test_no_device_of_somebody_else_can_be_told_from_none(browser, whose):
    other = phone_of(worlds.user())
    key = other.pk if whose == "of somebody else" else uuid.uuid4()

    response = post(browser, f"devices/{key}/revoke/", **csrf(browser))

    assert (response.status_code, response.json()["error"]) == (404, "no_such_device")
    assert RefreshFamily.objects.get(pk=other.pk).ended_at is None


def test_another_site_ends_nothing(browser, anna):
    phone = phone_of(anna)

    assert post(browser, f"devices/{phone.pk}/revoke/").status_code == 403
    assert RefreshFamily.objects.get(pk=phone.pk).ended_at is None


def test_nobody_who_is_not_signed_in_is_told_anything(db):
    assert Client().get("/auth/devices/").json()["error"] == "not_signed_in"
