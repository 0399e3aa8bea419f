"""One account, one answer: whatever the device, the client, or what the client sends."""

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient
from waffle.models import Flag as WaffleFlag

from feature_flags import Flag, FlagSubject, current_snapshot, evaluate
from feature_flags.testing import forget_snapshot

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.feature_flags.urls")]
FLAG = Flag("clients")


@pytest.fixture(autouse=True)
def waffles_middleware(settings):
    cache.clear()  # what waffle remembers of flags of that name from a test before
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "waffle.middleware.WaffleMiddleware"]
    settings.FEATURE_FLAGS = {"CONNECTION": "caller", "SNAPSHOT_SECONDS": 60}


@pytest.fixture
def people(django_user_model):
    names = [f"person{number}" for number in range(40)]
    django_user_model.objects.bulk_create([django_user_model(username=name) for name in names])
    return list(django_user_model.objects.filter(username__in=names))


def browser(user):
    client = Client()
    client.force_login(user)
    return lambda **sent: client.get("/page/", **sent).json()["ours"]


def api_client(user):
    client = APIClient()
    client.force_authenticate(user)
    return lambda **sent: client.get("/api/", **sent).json()["ours"]


def someone_off(people):
    snapshot = current_snapshot()
    return next(each for each in people if not evaluate(snapshot, FLAG, FlagSubject.of_user(each)))


def test_two_devices_a_session_and_an_api_client_of_one_user_always_agree(people):
    WaffleFlag.objects.create(name="clients", percent=50, rollout=True, superusers=False)
    answers = {}
    for user in people:
        doors = [browser(user), browser(user), api_client(user), api_client(user)]
        answers[user.pk] = {door() for door in doors for _ in range(3)}

    assert all(len(given) == 1 for given in answers.values())
    assert {True, False} == set().union(*answers.values())


def test_no_cookie_query_or_header_opts_anyone_in(people):
    WaffleFlag.objects.create(name="clients", percent=1, testing=True, superusers=False)
    user = someone_off(people)
    client = Client()
    client.force_login(user)
    client.cookies["dwf_clients"] = "True"
    client.cookies["dwft_clients"] = "True"
    tricks = [
        client.get("/page/"),
        client.get("/page/?dwft_clients=1&dwf_clients=1&clients=1"),
        client.get("/page/", headers={"dwft-clients": "1"}),
    ]

    assert [trick.json()["ours"] for trick in tricks] == [False] * 3
    # Waffle itself falls for each: the tricks are real ones.
    assert [trick.json()["waffles"] for trick in tricks] == [True] * 3


def test_waffles_override_setting_opts_nobody_in(people, settings):
    settings.WAFFLE_OVERRIDE = True
    WaffleFlag.objects.create(name="clients", superusers=False)
    client = Client()
    client.force_login(people[0])

    answer = client.get("/page/?clients=1").json()

    assert answer == {"ours": False, "waffles": True}


def test_a_killed_flag_is_off_where_waffle_still_answers_yes(people):
    row = WaffleFlag.objects.create(name="clients", everyone=None, superusers=False)
    row.users.add(people[0])
    forget_snapshot()
    assert browser(people[0])()
    WaffleFlag.objects.filter(pk=row.pk).update(everyone=False)
    forget_snapshot()

    assert not browser(people[0])()
    assert not api_client(people[0])()


def test_an_anonymous_visitor_is_on_only_where_everybody_is():
    WaffleFlag.objects.create(name="clients", percent=99, testing=True, superusers=True)
    assert Client().get("/page/?dwft_clients=1").json()["ours"] is False

    WaffleFlag.objects.update(everyone=True)
    forget_snapshot()
    assert Client().get("/page/").json()["ours"] is True
