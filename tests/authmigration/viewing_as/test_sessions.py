"""Between two requests: kept in the session, believed only while it still holds."""

import time

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, JsonResponse
from django.test import AsyncClient

from authmigration import acheck, check
from authmigration.errors import ViewAsRefused
from authmigration.models import AuditEvent
from authmigration.testing import with_role
from monolith.courses.authz import TEACHER
from monolith.courses.models import Course
from tests.authmigration import worlds
from tests.authmigration.http.conftest import finished
from tests.authmigration.viewing_as.conftest import AS_ONESELF, AS_STUDENT, KEY

pytestmark = pytest.mark.django_db


def test_it_holds_from_the_next_request_on(campus, world, browser):
    assert browser.get("/").json() == AS_ONESELF

    browser.post("/start/")

    assert browser.get("/").json() == AS_STUDENT
    assert browser.get("/").json() == AS_STUDENT


def test_it_ends_by_itself(campus, world, browser, monkeypatch):
    browser.post("/start/", {"minutes": 10})
    later = time.time() + 10 * 60

    monkeypatch.setattr(time, "time", lambda: later - 1)
    assert browser.get("/").json() == AS_STUDENT
    monkeypatch.setattr(time, "time", lambda: later + 1)
    assert browser.get("/").json() == AS_ONESELF
    assert KEY not in browser.session


def test_a_request_does_not_prolong_it(browser):
    browser.post("/start/")
    until = browser.session[KEY]["until"]

    browser.get("/")

    assert browser.session[KEY]["until"] == until


@pytest.mark.parametrize("minutes", [0, -1, 61])
def test_it_lasts_from_one_minute_to_an_hour(browser, minutes):
    with pytest.raises(ValueError, match="a view-as lasts from 1 to 60"):
        browser.post("/start/", {"minutes": minutes})

    assert KEY not in browser.session


def test_a_role_that_was_taken_away_ends_it(campus, world, browser):
    browser.post("/start/")
    assert browser.get("/").json() == AS_STUDENT

    Course.objects.filter(pk=campus.course.pk).update(owner=None)
    worlds.staff(campus["owner"], campus.course.school)

    assert browser.get("/").json() == AS_ONESELF
    assert KEY not in browser.session


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_everything_unsafe_is_answered_with_403(browser, world, method):
    browser.post("/start/")

    refused = getattr(browser, method)("/change/")

    assert refused.status_code == 403
    assert "as 'student' is reading only" in refused.content.decode()
    assert browser.post("/start/").status_code == 403
    assert browser.post("/nowhere/").status_code == 403


def test_everything_safe_is_answered(browser):
    browser.post("/start/")

    for method in ("get", "head", "options", "trace"):
        assert getattr(browser, method)("/change/").status_code == 200


def test_it_is_ended_by_its_user(browser, world):
    browser.post("/start/")

    assert browser.post("/end/", {"next": "/"}).headers["Location"] == "/"
    assert browser.get("/").json() == AS_ONESELF
    assert browser.post("/change/").status_code == 200


def test_its_end_sends_nobody_to_another_site(browser):
    response = browser.post("/end/", {"next": "https://elsewhere.example/"})

    assert response.headers["Location"] == "/"


def test_a_view_of_the_host_may_end_it(browser):
    browser.post("/start/")

    assert browser.post("/leave/").content == b"True"
    assert browser.post("/leave/").content == b"False"


def test_another_user_of_the_session_is_not_viewing(campus, browser):
    browser.post("/start/")
    kept = dict(browser.session[KEY])
    browser.force_login(campus["principal"])
    session = browser.session
    session[KEY] = kept
    session.save()
    browser.cookies["sessionid"] = session.session_key

    # Who could view as a student too, and has not asked for it.
    with with_role(campus["principal"], TEACHER, campus.course):
        assert browser.get("/").json() == AS_ONESELF
        assert browser.post("/change/").status_code == 200


@pytest.mark.parametrize(
    "kept",
    [
        "text",
        {},
        {"subject": "1", "role": "student", "context": "nothing", "until": 0},
        {"subject": "1", "role": "student", "context": "course:1", "until": "soon"},
        {"subject": "{}", "role": "student", "context": "course:{}", "until": 9e12},
        {"subject": "{}", "role": "gone", "context": "course:{}", "until": None},
    ],
)
def test_what_cannot_be_read_or_believed_is_forgotten(campus, browser, kept):
    if isinstance(kept, dict) and kept:
        kept = kept | {
            "subject": kept["subject"].format(campus["owner"].pk),
            "context": kept["context"].format(campus.course.pk),
        }
        kept["until"] = time.time() + 60 if kept["until"] is None else kept["until"]
    session = browser.session
    session[KEY] = kept
    session.save()
    browser.cookies["sessionid"] = session.session_key

    assert browser.get("/").json() == AS_ONESELF
    assert KEY not in browser.session


def test_a_refused_start_leaves_no_trace(browser):
    with pytest.raises(ViewAsRefused):
        browser.post("/start/", {"role": "ta"})

    assert KEY not in browser.session
    assert not AuditEvent.objects.exists()


def test_a_view_that_puts_another_user_into_its_request_does_not_end_it(campus, browser, serve):
    browser.post("/start/")

    def show(request):
        user, request.user = request.user, AnonymousUser()  # as the views of an API do
        return JsonResponse({"edit": bool(check(user, "course.edit", campus.course))})

    serve(show)

    assert browser.get("/").json() == {"edit": False}
    assert KEY in browser.session


class TestInAnEventLoop:
    """The session is read in a thread, before the view: no decision could read it in the loop."""

    @pytest.fixture
    def aside(self, campus, browser, serve, settings):
        settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
        client = AsyncClient()
        client.force_login(campus["owner"])
        session = client.session
        session[KEY] = {
            "subject": str(campus["owner"].pk),
            "role": "student",
            "context": f"course:{campus.course.pk}",
            "until": time.time() + 60,
        }
        session.save()

        async def show(request):
            owner = campus["owner"]
            return HttpResponse(bool(await acheck(owner, "course.edit", campus.course)))

        serve(show)
        return client

    def test_the_role_is_looked_through(self, aside, world):
        assert finished(aside.get("/")).content == b"False"

    def test_everything_unsafe_is_answered_with_403(self, aside, world):
        assert finished(aside.post("/")).status_code == 403
