"""In an event loop: one preload, and then no database at all."""

import pytest
from asgiref.sync import sync_to_async
from django.http import HttpResponse
from django.test import AsyncClient

from authmigration import acheck, aprefetch, arequire
from authmigration.rollout import Stage, forced
from tests.authmigration.http.conftest import finished, signed_in


def get(who, url="/"):
    client = AsyncClient()
    client.cookies = signed_in(who).cookies
    return finished(client.get(url))


def test_after_the_preload_checks_touch_no_database(committed_campus, serve, no_database):
    course = committed_campus.course

    async def view(request):
        await aprefetch([request.user])
        with no_database():
            first = await acheck(request.user, "course.edit", course)
            second = await acheck(request.user, "grade.edit", f"course:{course.pk}")
            third = await arequire(request.user, "course.view", course)
        return HttpResponse(f"{bool(first)} {bool(second)} {bool(third)} {third.world}")

    serve(view)

    with forced(Stage.ENFORCE):
        assert get(committed_campus["owner"]).content == b"True True True central"


def test_the_ban_on_the_database_is_real(committed_campus, serve, no_database):
    async def view(request):
        with no_database():
            await acheck(committed_campus["owner"], "course.edit", committed_campus.course)

    serve(view)

    with forced(Stage.ENFORCE), pytest.raises(AssertionError, match="The database was asked"):
        get(committed_campus["owner"])


def test_without_the_preload_a_check_still_answers(committed_campus, serve):
    async def view(request):
        await sync_to_async(lambda: request.user.pk)()
        answer = await acheck(request.user, "course.edit", committed_campus.course)
        return HttpResponse(f"{bool(answer)} {answer.world}")

    serve(view)

    with forced(Stage.ENFORCE):
        assert get(committed_campus["owner"]).content == b"True central"


def test_the_legacy_answer_is_given_in_a_thread(committed_campus, serve):
    async def view(request):
        await aprefetch([request.user])
        answer = await acheck(request.user, "course.edit", committed_campus.course)
        return HttpResponse(f"{bool(answer)} {answer.world}")

    serve(view)

    with forced(Stage.SHADOW):
        assert get(committed_campus["owner"]).content == b"True legacy"
