"""A browser that is signed in, and an application that holds its refresh token itself."""

import json

import pytest
from django.test import Client

from feature_flags.testing import override_flags
from tests.authmigration import worlds


@pytest.fixture(autouse=True)
def site(settings):
    """The addresses of the platform, not those of the doors' own site."""
    settings.ROOT_URLCONF = "monolith.urls"


@pytest.fixture
def tokens_on():
    with override_flags({"authz_tokens": True}):
        yield


@pytest.fixture
def algebra(db):
    return worlds.course(worlds.school())


@pytest.fixture
def anna(algebra):
    anna = worlds.user(first_name="Anna")
    anna.password = "one"  # never checked: nobody types it
    anna.save()
    worlds.enrol(anna, algebra)
    return anna


@pytest.fixture
def browser(anna):
    client = Client(enforce_csrf_checks=True)
    client.force_login(anna, backend="django.contrib.auth.backends.ModelBackend")
    return client


def post(client, path, body=None, **headers):
    """Post JSON; return the response."""
    data = json.dumps(body) if body is not None else ""
    return client.post(f"/auth/{path}", data, content_type="application/json", headers=headers)


def exchange(browser, body=None):
    """Exchange the session of a browser, as a page of the platform does."""
    browser.get("/login/")
    return post(browser, "session/", body, X_CSRFToken=browser.cookies["csrftoken"].value)
