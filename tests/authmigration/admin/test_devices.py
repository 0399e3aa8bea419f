"""Devices that are signed in: seen by whoever may, ended with an event."""

import pytest
from django.urls import reverse

from authmigration.models import AuditEvent, RefreshFamily, RefreshToken
from authmigration.tokens import families
from tests.authmigration import worlds

DEVICES = reverse("admin:authmigration_refreshfamily_changelist")
TOKENS = reverse("admin:authmigration_refreshtoken_changelist")


@pytest.fixture
def device(db):
    anna = worlds.user()
    return families.begin(str(anna.pk), anna, device="a phone").family


def sign_out(browser, device):
    return browser.post(DEVICES, {"action": "sign_out", "_selected_action": [device.pk]})


def test_whoever_may_signs_a_device_out(browser, device):
    warden = browser("view_refreshfamily", "change_refreshfamily")

    sign_out(warden, device)

    assert RefreshFamily.objects.get().ended_because == "revoked"
    event = AuditEvent.objects.get(action="revoke_tokens")
    assert (event.actor, event.subject) == (f"user:{warden.user.pk}", device.subject)


def test_whoever_only_looks_signs_nobody_out(browser, device):
    sign_out(browser("view_refreshfamily"), device)

    assert RefreshFamily.objects.get().ended_at is None


def test_no_hash_is_shown(boss, device):
    token = RefreshToken.objects.get()
    change = reverse("admin:authmigration_refreshtoken_change", args=[token.pk])

    for page in (TOKENS, change):
        response = boss.get(page)
        assert response.status_code == 200
        assert token.digest not in response.content.decode()
