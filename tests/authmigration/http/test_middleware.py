"""One request, one snapshot: kept for its length, and gone after it."""

import asyncio
import time

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse
from django.test import AsyncClient, Client, RequestFactory

from authmigration import assign, check, counters, pinned, pins, unassign
from authmigration.http.middleware import AuthzMiddleware
from authmigration.models import CounterDelta
from authmigration.rollout import Stage, forced
from monolith.courses.authz import TA
from tests.authmigration import worlds
from tests.authmigration.http.conftest import signed_in

CHANGE = {"reason": "a test", "actor": "tests"}


@pytest.fixture
def enforced():
    with forced(Stage.ENFORCE):
        yield


def test_a_request_reads_what_its_user_holds_once_however_many_checks(
    committed_campus, enforced, serve, own_queries
):
    course, other = committed_campus.course, committed_campus.other_course

    def view(request):
        asked = [
            (name, each) for name in ("course.edit", "course.view") for each in (course, other)
        ]
        answers = [bool(check(request.user, *question)) for question in asked * 10]
        return JsonResponse(answers, safe=False)

    serve(view)
    client = signed_in(committed_campus["owner"])
    client.get("/")  # migrates the user

    with own_queries() as reads:
        response = client.get("/")

    assert response.json() == [True] * 40
    assert len(reads) == 1


def test_without_the_middleware_each_check_reads(
    committed_campus, enforced, serve, own_queries, settings
):
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "Authz" not in each]

    def view(request):
        answers = [check(request.user, "course.edit", committed_campus.course) for _ in range(2)]
        return JsonResponse([bool(answer) for answer in answers], safe=False)

    serve(view)
    client = signed_in(committed_campus["owner"])
    client.get("/")

    with own_queries() as reads:
        client.get("/")

    assert len(reads) == 2


def test_nothing_stays_pinned_after_a_request(campus, serve):
    seen = []
    serve(lambda request: seen.append(pins.current()) or HttpResponse())

    signed_in(campus["owner"]).get("/")

    assert seen[0] is not None
    assert pins.current() is None


def test_nothing_stays_pinned_after_an_exception(campus, serve):
    def view(request):
        raise ZeroDivisionError

    serve(view)

    with pytest.raises(ZeroDivisionError):
        signed_in(campus["owner"]).get("/")

    assert pins.current() is None


def test_a_pinned_block_in_a_view_joins_that_of_the_request(campus, serve):
    def view(request):
        outer = pins.current()
        with pinned() as inner:
            joined = inner is outer
        return JsonResponse({"joined": joined, "kept": pins.current() is outer})

    serve(view)

    answer = signed_in(campus["owner"]).get("/").json()

    assert answer == {"joined": True, "kept": True}


def test_a_snapshot_older_than_pin_seconds_is_read_anew(
    committed_campus, enforced, serve, own_queries, settings
):
    settings.AUTHMIGRATION = {**settings.AUTHMIGRATION, "PIN_SECONDS": 0.05}
    waits = []

    def view(request):
        for _ in range(3):
            check(request.user, "course.edit", committed_campus.course)
            time.sleep(waits[-1])
        return HttpResponse()

    serve(view)
    client = signed_in(committed_campus["owner"])
    reads_after = {}
    for wait in (0.1, 0):
        waits.append(wait)
        client.get("/")
        with own_queries() as reads:
            client.get("/")
        reads_after[wait] = len(reads)

    assert reads_after == {0.1: 3, 0: 1}


def test_a_role_assigned_in_a_request_is_seen_by_its_next_check(committed_campus, enforced, serve):
    def view(request):
        answers = []

        def ask():
            answers.append(bool(check(request.user, "grade.edit", committed_campus.course)))

        ask()
        assign(request.user, TA, committed_campus.course, **CHANGE)
        ask()
        unassign(request.user, TA, committed_campus.course, **CHANGE)
        ask()
        return JsonResponse(answers, safe=False)

    serve(view)

    answers = signed_in(committed_campus["nobody"]).get("/").json()

    assert answers == [False, True, False]


def test_a_role_taken_by_somebody_else_is_gone_at_the_next_request(
    committed_campus, enforced, serve
):
    nobody = committed_campus["nobody"]
    serve(lambda request: HttpResponse(check(request.user, "grade.edit", committed_campus.course)))
    client = signed_in(nobody)
    assign(nobody, TA, committed_campus.course, **CHANGE)
    before = client.get("/").content
    unassign(nobody, TA, committed_campus.course, **CHANGE)

    assert (before[:4], client.get("/").content[:4]) == (b"True", b"Fals")


@pytest.mark.parametrize("cookie", [None, "sessionid"])
def test_a_view_that_asks_nothing_costs_nothing(
    db, serve, cookie, django_assert_num_queries, settings
):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    serve(lambda request: HttpResponse("public"))
    client = Client()
    if cookie:
        client.force_login(worlds.user())

    with django_assert_num_queries(0):
        response = client.get("/")

    assert not response.has_header("Vary")
    assert not response.cookies


def test_a_decision_on_somebody_anonymous_adds_nothing_to_the_response(campus, serve):
    user = AnonymousUser()
    serve(lambda request: HttpResponse(check(user, "course.view", campus.course)))

    response = signed_in(campus["owner"]).get("/")

    assert not response.has_header("Vary")


def test_a_request_without_session_and_user_is_answered(campus):
    middleware = AuthzMiddleware(lambda request: HttpResponse(pins.current() is not None))

    assert middleware(RequestFactory().post("/")).content == b"True"


class TestCounters:
    @pytest.fixture
    def due(self, monkeypatch):
        monkeypatch.setattr(counters, "FLUSH_SECONDS", 0)

    @pytest.fixture
    def counting(self, serve):
        serve(lambda request: counters.tally("requests", "answered") or HttpResponse("body"))

    def test_they_are_written_after_the_response(self, transactional_db, due, counting):
        Client().get("/")

        assert list(CounterDelta.objects.values_list("label", "delta")) == [("answered", 1)]

    def test_they_wait_until_it_is_time(self, transactional_db, counting, monkeypatch):
        monkeypatch.setattr(counters, "FLUSH_SECONDS", 3600)

        Client().get("/")

        assert not CounterDelta.objects.exists()
        assert counters._tallies.counts["requests", "answered"] == 1

    def test_they_wait_outside_a_transaction(self, db, due, counting):
        Client().get("/")

        assert not CounterDelta.objects.exists()
        assert counters._tallies.counts["requests", "answered"] == 1

    def test_a_failure_costs_neither_the_response_nor_the_counts(
        self, transactional_db, due, counting, caplog
    ):
        def fail(execute, sql, params, many, context):
            raise DatabaseError("the disk is full")

        with connection.execute_wrapper(fail):
            response = Client().get("/")

        assert response.content == b"body"
        assert "the disk is full" in caplog.text
        assert counters._tallies.counts["requests", "answered"] == 1


class TestInAnEventLoop:
    def test_two_requests_at_once_have_a_pin_each(self, transactional_db, serve):
        met = asyncio.Event()
        seen = []

        async def view(request):
            seen.append(pins.current())
            if len(seen) == 2:
                met.set()
            await met.wait()
            return HttpResponse(pins.current() is seen[int(request.GET["number"])])

        serve(view)

        async def both():
            urls = ["/?number=0", "/?number=1"]
            return await asyncio.gather(*(AsyncClient().get(url) for url in urls))

        answers = async_to_sync(both)()

        assert [answer.content for answer in answers] == [b"True", b"True"]
        assert seen[0] is not seen[1]

    def test_nothing_stays_pinned_in_the_loop(self, transactional_db, serve):
        async def view(request):
            return HttpResponse(pins.current() is not None)

        serve(view)

        async def one():
            return (await AsyncClient().get("/")).content, pins.current()

        assert async_to_sync(one)() == (b"True", None)

    def test_counters_are_written_after_the_response(self, transactional_db, serve, monkeypatch):
        monkeypatch.setattr(counters, "FLUSH_SECONDS", 0)

        async def view(request):
            counters.tally("requests", "answered")
            return HttpResponse()

        serve(view)

        async def one():
            await AsyncClient().get("/")

        async_to_sync(one)()

        assert CounterDelta.objects.get().label == "answered"
