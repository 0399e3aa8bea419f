"""A streamed response is made from its request's snapshot, chunk by chunk, and leaks nothing."""

from io import BytesIO

import pytest
from asgiref.sync import async_to_sync
from django.http import FileResponse, StreamingHttpResponse
from django.test import AsyncClient, RequestFactory

from authmigration import aprefetch, check, pins, viewing_as
from authmigration.http.middleware import AuthzMiddleware
from authmigration.rollout import Stage, forced
from authmigration.testing import at_stage
from tests.authmigration.http.conftest import signed_in


def test_all_chunks_are_decided_from_the_snapshot_of_the_request(
    committed_campus, serve, own_queries
):
    def view(request):
        asked = (check(request.user, "course.edit", committed_campus.course) for _ in range(3))
        return StreamingHttpResponse(f"{bool(answer)} " for answer in asked)

    serve(view)
    client = signed_in(committed_campus["owner"])
    with forced(Stage.ENFORCE):
        b"".join(client.get("/"))
        with own_queries() as reads:
            body = b"".join(client.get("/"))

    assert body == b"True True True "
    assert len(reads) == 1


def test_between_two_chunks_nothing_is_pinned_for_others(campus, serve):
    seen = []
    serve(lambda request: StreamingHttpResponse(str(seen.append(pins.current())) for _ in "ab"))

    chunks = iter(signed_in(campus["owner"]).get("/"))
    next(chunks)
    between = pins.current()
    list(chunks)

    assert (between, pins.current()) == (None, None)
    assert seen[0] is not None
    assert seen[0] is seen[1]


def test_a_stream_that_fails_leaves_nothing_pinned(campus, serve):
    def chunks():
        yield "first"
        raise ZeroDivisionError

    serve(lambda request: StreamingHttpResponse(chunks()))

    with pytest.raises(ZeroDivisionError):
        list(signed_in(campus["owner"]).get("/"))

    assert pins.current() is None


def test_a_view_as_holds_for_the_whole_stream(campus, serve):
    course = campus.course

    def view(request):
        viewing = viewing_as.current(str(request.user.pk))
        asked = (check(request.user, "course.edit", course) for _ in range(2))
        return StreamingHttpResponse(f"{viewing.role} {bool(answer)} " for answer in asked)

    serve(view)
    client = signed_in(campus["owner"])
    with at_stage("enforce"):
        view_as_student(client, campus)
        body = b"".join(client.get("/"))

    assert body == b"student False student False "
    assert not viewing_as.is_viewing()


def view_as_student(client, campus):
    request = RequestFactory().post("/")
    request.user, request.session = campus["owner"], client.session
    viewing_as.will_restore(request)
    viewing_as.view_as(request, "student", campus.course)
    request.session.save()
    client.cookies["sessionid"] = request.session.session_key


def test_an_asynchronous_stream_is_decided_without_the_database(
    committed_campus, serve, no_database
):
    seen = []

    async def chunks(request):
        await aprefetch([committed_campus["owner"]])
        with no_database():
            for _ in range(2):
                seen.append(pins.current())
                answer = check(committed_campus["owner"], "course.edit", committed_campus.course)
                yield f"{bool(answer)} "

    async def view(request):
        return StreamingHttpResponse(chunks(request))

    serve(view)

    async def read():
        response = await AsyncClient().get("/")
        body = [chunk async for chunk in response]
        return b"".join(body), pins.current()

    with forced(Stage.ENFORCE):
        body, left = async_to_sync(read)()

    assert body == b"True True "
    assert left is None
    assert seen[0] is seen[1] is not None


def test_a_file_is_handed_to_the_server_as_it_is(campus):
    file = BytesIO(b"content")
    middleware = AuthzMiddleware(lambda request: FileResponse(file))

    response = middleware(RequestFactory().get("/"))

    assert response.file_to_stream is file
