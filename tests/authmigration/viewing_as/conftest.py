"""A course whose owner looks at it as a student, in both worlds, in code and in a browser."""

import pytest
from django.http import HttpResponse, JsonResponse
from django.test import RequestFactory
from django.views.decorators.http import require_POST

from authmigration import check, end_view_as, ends_view_as, stop_view_as, view_as, viewing_as
from authmigration.testing import at_stage
from tests.authmigration.http.conftest import Campus, founded, serve, signed_in

__all__ = ["serve"]

KEY = "authmigration_view_as"


@pytest.fixture
def campus(db) -> Campus:
    return founded()


@pytest.fixture
def committed_campus(transactional_db) -> Campus:
    return founded()


@pytest.fixture(params=["off", "shadow", "enforce"])
def world(request):
    """Both worlds decide in turn."""
    with at_stage(request.param):
        yield request.param


@pytest.fixture
def browser(campus, serve):
    """The owner's browser, on a site that starts, shows, changes and ends."""

    def start(request):
        seconds = float(request.POST.get("minutes", 10))
        view_as(request, request.POST.get("role", "student"), campus.course, minutes=seconds)
        return HttpResponse()

    def show(request):
        user, course = request.user, campus.course
        asked = {name: check(user, name, course) for name in ("course.view", "course.edit")}
        return JsonResponse({name: bool(answer) for name, answer in asked.items()})

    serve(
        show,
        start=require_POST(start),
        change=lambda request: HttpResponse("changed"),
        leave=ends_view_as(lambda request: HttpResponse(stop_view_as(request))),
        end=end_view_as,
    )
    return signed_in(campus["owner"])


AS_STUDENT = {"course.view": True, "course.edit": False}
AS_ONESELF = {"course.view": True, "course.edit": True}


class Session(dict):
    accessed = False


def request_of(who, *, restored=True):
    request = RequestFactory().post("/")
    request.user, request.session = who, Session()
    if restored:
        viewing_as.will_restore(request)
    return request
