import pytest
from django.urls import reverse

from monolith.payments.models import Bursar


@pytest.mark.parametrize("status", ["open", "refunded"])
def test_only_a_paid_invoice_is_refunded(platform, status):
    type(platform.invoice).objects.update(status=status)
    url = reverse("invoice-refund", args=[platform.invoice.pk])
    assert platform.client("bursar").post(url).status_code == 409
    platform.invoice.refresh_from_db()
    assert platform.invoice.status == status


def test_a_bursar_who_left_is_hidden_but_not_gone(platform):
    former = platform["former_bursar"]
    assert not Bursar.objects.filter(user=former).exists()
    assert Bursar.with_those_who_left.filter(user=former).exists()


def test_leaving_ends_the_access_of_a_bursar(platform):
    url = reverse("school-dashboard", args=[platform.school.pk])
    client = platform.client("bursar")
    assert client.get(url).status_code == 200
    Bursar.objects.get(user=platform["bursar"]).leave()
    assert client.get(url).status_code == 403


def test_deleting_a_bursar_fails(platform):
    with pytest.raises(TypeError, match="leave"):
        Bursar.objects.get(user=platform["bursar"]).delete()


def test_the_admin_shows_bursars_who_left_and_deletes_none(platform):
    client = platform.client("superuser")
    page = client.get(reverse("admin:payments_bursar_changelist"))
    assert page.context["cl"].result_count == 3
    bursar = Bursar.objects.get(user=platform["bursar"])
    url = reverse("admin:payments_bursar_delete", args=[bursar.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403
