"""The host's own ways in go on beside ours, with tokens on and off, and are told nothing new."""

import pytest
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client
from django.urls import clear_url_caches, path
from django.views.decorators.csrf import csrf_exempt
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.authentication import JWTStatelessUserAuthentication
from rest_framework_simplejwt.tokens import AccessToken

from authmigration import check
from feature_flags.testing import override_flags
from monolith import urls
from monolith.accounts.models import User
from tests.authmigration import worlds

BACKEND = "django.contrib.auth.backends.ModelBackend"
COOKIE = "authz_refresh"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[True, False], ids=["on", "off"], autouse=True)
def tokens(request, settings):
    settings.AUTHMIGRATION = {
        **settings.AUTHMIGRATION,
        "TOKENS": {**settings.AUTHMIGRATION["TOKENS"], "AT_LOG_IN": True},
    }
    with override_flags({"authz_tokens": request.param}):
        yield request.param


class BySession(APIView):
    authentication_classes = (SessionAuthentication,)
    permission_classes = (IsAuthenticated,)

    def get(self, request, course):
        user = User.objects.get(pk=request.user.pk)
        if not check(user, "course.edit", f"course:{course}"):
            raise PermissionDenied
        return Response({"in": True})


class BySimpleJwt(BySession):
    authentication_classes = (JWTStatelessUserAuthentication,)


@pytest.fixture(autouse=True)
def served(monkeypatch, site):
    @csrf_exempt
    def launch(request):
        login(request, User.objects.get(pk=request.POST["sub"]), backend=BACKEND)
        return HttpResponse("launched")

    added = [
        path("lti/launch/", launch),
        path("session/<int:course>/", BySession.as_view()),
        path("jwt/<int:course>/", BySimpleJwt.as_view()),
    ]
    monkeypatch.setattr(urls, "urlpatterns", [*added, *urls.urlpatterns])
    clear_url_caches()
    yield
    clear_url_caches()


@pytest.fixture
def course(db):
    return worlds.course(worlds.school())


def bearer(user):
    return {"authorization": f"Bearer {AccessToken.for_user(user)}"}


def told_something_new(response):
    return COOKIE in response.cookies or response.has_header("X-Auth-Refresh")


def test_a_simplejwt_token_is_read_by_its_own_class_and_by_nobody_else(client, course):
    teacher = worlds.user(is_superuser=True)

    response = client.get(f"/jwt/{course.pk}/", headers=bearer(teacher))

    assert response.status_code == 200
    assert not told_something_new(response)


def test_whoever_is_denied_by_such_a_token_gets_the_403_that_there_always_was(client, course):
    response = client.get(f"/jwt/{course.pk}/", headers=bearer(worlds.user()))

    assert response.status_code == 403
    assert b"insufficient_claims" not in response.content
    assert not told_something_new(response)


def test_a_bad_simplejwt_token_is_refused_in_its_own_words(client, course):
    response = client.get(f"/jwt/{course.pk}/", headers={"authorization": "Bearer x.y.z"})

    assert (response.status_code, response.json()["code"]) == (401, "token_not_valid")


def test_a_bearer_of_another_changes_nothing_for_a_page(client, db):
    assert client.get("/login/", headers={"authorization": "Bearer x.y.z"}).status_code == 200


def test_a_launch_from_another_site_logs_in(course, tokens):
    teacher = worlds.user(is_superuser=True)
    client = Client(enforce_csrf_checks=True)

    launched = client.post(
        "/lti/launch/", {"sub": teacher.pk}, headers={"origin": "https://moodle.example"}
    )

    assert launched.content == b"launched"
    assert (COOKIE in launched.cookies) is tokens
    assert client.get(f"/session/{course.pk}/").status_code == 200


def test_a_session_is_enough_and_a_denial_is_no_401(client, course):
    client.force_login(worlds.user(), backend=BACKEND)

    response = client.get(f"/session/{course.pk}/")

    assert response.status_code == 403
    assert not told_something_new(response)
