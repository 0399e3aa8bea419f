"""A browser that logs in gets its refresh token with that answer, and no log-in fails by it."""

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.auth import login, logout
from django.contrib.auth.signals import user_logged_in
from django.db import connection
from django.http import HttpResponse
from django.test import AsyncClient, Client
from django.test.utils import CaptureQueriesContext
from django.urls import clear_url_caches, path
from rest_framework.decorators import api_view, permission_classes
from rest_framework.response import Response

from authmigration.models import RefreshFamily
from authmigration.tokens import families, options
from feature_flags.testing import override_flags
from monolith import urls
from monolith.accounts.models import User
from tests.authmigration import worlds
from tests.authmigration.crashing import Broken

from .conftest import post

BACKEND = "django.contrib.auth.backends.ModelBackend"
COOKIE = "authz_refresh"

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("tokens_on")]


@pytest.fixture(autouse=True)
def at_log_in(settings):
    turn(settings)


def turn(settings, **changed):
    tokens = settings.AUTHMIGRATION["TOKENS"]
    settings.AUTHMIGRATION = {
        **settings.AUTHMIGRATION,
        "TOKENS": {**tokens, "AT_LOG_IN": True, **changed},
    }


@pytest.fixture
def bert(db):
    bert = worlds.user(first_name="Bert")
    bert.set_password("correct horse")
    bert.save()
    return bert


def log_in(client, user, password="correct horse"):
    return client.post("/login/", {"username": user.username, "password": password})


@pytest.fixture
def served(monkeypatch):
    """Let a test serve a view of its own beside the platform."""

    def serve(view):
        monkeypatch.setattr(urls, "urlpatterns", [path("own/", view), *urls.urlpatterns])
        clear_url_caches()

    yield serve
    clear_url_caches()


def test_a_page_refreshes_at_once_without_an_exchange(client, bert):
    response = log_in(client, bert)

    cookie = response.cookies[COOKIE]
    assert response.status_code == 302
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/auth/")
    assert 0 < int(cookie["max-age"]) <= options.get().refresh_seconds
    assert post(client, "refresh/").status_code == 200


def test_registering_is_a_log_in_too(client, db):
    fields = {"username": "new", "password1": "correct horse 7", "password2": "correct horse 7"}
    response = client.post("/register/", fields)

    assert response.status_code == 302, response.content
    assert post(client, "refresh/").status_code == 200


def test_logging_out_ends_what_logging_in_began(client, bert):
    log_in(client, bert)
    client.post("/logout/")

    assert post(client, "refresh/").json()["error"] == "refresh_revoked"


def test_an_exchange_afterwards_stays_on_the_same_device(client, bert):
    log_in(client, bert)
    post(client, "session/")

    assert RefreshFamily.objects.count() == 1


def test_logging_in_twice_ends_the_device_of_the_session_before(client, bert):
    log_in(client, bert)
    log_in(client, bert)

    assert RefreshFamily.objects.filter(ended_at=None).count() == 1


@pytest.mark.parametrize("wrong", ["no", ""])
def test_a_wrong_password_begins_nothing(client, bert, wrong):
    response = log_in(client, bert, wrong)

    assert response.status_code == 200
    assert COOKIE not in response.cookies
    assert not RefreshFamily.objects.exists()


def test_it_is_off_unless_asked_for(client, bert, settings):
    turn(settings, AT_LOG_IN=False)

    assert COOKIE not in log_in(client, bert).cookies
    assert not RefreshFamily.objects.exists()


def queries_of_a_log_in(bert):
    client = Client()
    log_in(client, bert)  # what is read once by a process is read
    with CaptureQueriesContext(connection) as seen:
        response = log_in(Client(), bert)
    assert response.status_code == 302
    return len(seen)


def test_with_the_flag_off_a_log_in_is_what_it_was(bert, settings):
    with override_flags({"authz_tokens": False}):
        response = log_in(Client(), bert)
        asked = queries_of_a_log_in(bert)
        turn(settings, AT_LOG_IN=False)
        before = queries_of_a_log_in(bert)

    assert response.status_code == 302
    assert COOKIE not in response.cookies
    assert asked == before
    assert not RefreshFamily.objects.exists()


def test_a_store_of_tokens_that_is_down_lets_people_in(client, bert, caplog):
    with connection.execute_wrapper(Broken("authmigration_refresh")):
        response = log_in(client, bert)

    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(bert.pk)
    assert COOKIE not in response.cookies
    assert "No refresh token was issued at a log-in." in caplog.text


def test_a_site_without_the_addresses_of_the_tokens_lets_people_in(client, bert, settings):
    settings.ROOT_URLCONF = __name__

    assert client.post("/own-login/", {"user": bert.pk}).status_code == 200
    assert not RefreshFamily.objects.exists()


def test_whoever_uses_the_account_of_another_gets_no_way_back(served, client, bert, settings):
    # As a hijack does: it logs in first, and says afterwards who acts.
    def hijack(request):
        login(request, bert, backend=BACKEND)
        request.session["acts"] = "7"
        return HttpResponse("in")

    turn(settings, ACTOR_OF=f"{__name__}.acting")
    served(hijack)

    assert COOKIE not in client.get("/own/").cookies
    assert not RefreshFamily.objects.exists()


def acting(request):
    return request.session.get("acts")


def test_an_answer_that_failed_leaves_nothing_behind(served, client, bert):
    def second_factor_missing(request):
        login(request, bert, backend=BACKEND)
        return HttpResponse(status=403)

    served(second_factor_missing)

    assert COOKIE not in client.get("/own/").cookies
    assert not RefreshFamily.objects.exists()


def test_whoever_is_out_again_before_the_answer_gets_nothing(served, client, bert):
    def in_and_out(request):
        login(request, bert, backend=BACKEND)
        logout(request)
        return HttpResponse("out")

    served(in_and_out)

    assert COOKIE not in client.get("/own/").cookies
    assert not RefreshFamily.objects.exists()


def test_a_log_in_without_a_session_is_no_browser(served, client, bert):
    # As knox does, which hands out a token of its own.
    def tokens_of_another(request):
        user_logged_in.send(User, request=request, user=bert)
        return HttpResponse("abc")

    served(tokens_of_another)

    assert COOKIE not in client.get("/own/").cookies
    assert not RefreshFamily.objects.exists()


def test_a_log_in_by_an_api_view_counts(served, client, bert):
    @api_view(["POST"])
    @permission_classes([])
    def api_log_in(request):
        login(request, bert, backend=BACKEND)
        return Response({"in": True})

    served(api_log_in)

    assert client.post("/own/").cookies[COOKIE].value
    assert post(client, "refresh/").status_code == 200


def test_a_log_in_in_an_event_loop_counts(served, bert):
    async def log_in_later(request):
        await sync_to_async(login)(request, bert, backend=BACKEND)
        return HttpResponse("in")

    served(log_in_later)

    response = async_to_sync(AsyncClient().get)("/own/")

    assert families.family_of(response.cookies[COOKIE].value).subject == str(bert.pk)


def own_log_in(request):
    login(request, User.objects.get(pk=request.POST["user"]), backend=BACKEND)
    return HttpResponse("in")


urlpatterns = [path("own-login/", own_log_in)]
