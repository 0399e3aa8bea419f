"""Who gets into a socket, and who is put out of it when access is lost."""

from types import SimpleNamespace

import channels.db
import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.core.exceptions import ImproperlyConfigured
from django.urls import path

from auth_lib import Effect, UnknownPermission
from authmigration import assign, check, conf, pins, unassign, uses, view_as
from authmigration.rollout import Stage, forced
from authmigration.testing import at_stage
from authmigration.viewing_as import will_restore
from monolith.accounts.models import User
from monolith.courses.authz import STUDENT, TA
from tests.authmigration.http import sockets
from tests.authmigration.http.conftest import finished, signed_in
from tests.authmigration.http.sockets import GROUP, browser, socket
from tests.authmigration.rows import sync

pytestmark = pytest.mark.django_db

AUTHOR = {"actor": "tests", "reason": "a test"}
CLOSED = {"type": "websocket.close", "code": 4403}


@pytest.fixture(autouse=True)
def layer(settings, monkeypatch):
    # Channels closes connections before and after each use, and with them a test's transaction.
    monkeypatch.setattr(channels.db, "close_old_connections", lambda: None)
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}


@pytest.fixture
def clock(monkeypatch):
    """A clock of the pins that a test can put forward."""
    now = [1000.0]
    # That of the pins alone: an event loop goes by the other.
    monkeypatch.setattr(pins, "time", SimpleNamespace(monotonic=lambda: now[0]))

    def forward(seconds):
        now[0] += seconds

    return forward


def in_socket(campus, name, *, url="forum", then=None):
    """Return what a handshake gives, and what a function does afterwards."""

    async def run():
        async with socket(client, f"/{url}/{campus.course.pk}/") as found:
            opened = await found.connect()
            return opened, (await then(found)) if then else None

    client = browser(campus[name])
    return finished(run())


@pytest.mark.parametrize("url", ["forum", "sync"])
@pytest.mark.parametrize("name", ["teacher", "student", "superuser", "nobody", "anonymous"])
def test_the_handshake_is_what_a_check_allows(campus, name, url):
    with at_stage("enforce"):
        opened, _ = in_socket(campus, name, url=url)
        may = check(campus[name], "lecture.view", campus.course)

    assert opened == ("websocket.accept" if may else "websocket.close")


def test_the_handshake_has_both_answers(campus):
    with at_stage("enforce"):
        assert check(campus["student"], "lecture.view", campus.course)
        assert not check(campus["principal"], "lecture.view", campus.course)


def committed(function, *args, **kwargs):
    return sync_to_async(function)(*args, **kwargs)


@pytest.fixture
def held(campus):
    sync(campus["nobody"])
    assign(campus["nobody"], TA, campus.course, **AUTHOR)
    with forced(Stage.ENFORCE):
        yield campus


@pytest.mark.parametrize("url", ["forum", "sync"])
def test_who_loses_access_is_put_out_at_the_next_message_of_a_new_snapshot(held, clock, url):
    async def then(found):
        first = await found.say("one")
        await committed(unassign, held["nobody"], TA, held.course, **AUTHOR)
        second = await found.say("two")
        clock(conf.get().pin_seconds + 1)
        return first["echo"], second.get("echo"), await found.say("three")

    assert in_socket(held, "nobody", url=url, then=then)[1] == ("one", "two", CLOSED)


def test_what_others_post_does_not_reach_who_has_lost_access(held, clock):
    async def post():
        await get_channel_layer().group_send(GROUP, {"type": "posted", "text": "secret"})

    async def then(found):
        await post()
        first = await found.hear()
        await committed(
            assign, held["nobody"], STUDENT, held.course, effect=Effect.REFUSE, **AUTHOR
        )
        clock(conf.get().pin_seconds + 1)
        await post()
        second = await found.hear()
        await post()
        return first, second, await found.receive_nothing()

    assert in_socket(held, "nobody", then=then)[1] == ({"posted": "secret"}, CLOSED, True)


@pytest.mark.parametrize("change", ["closed", "deleted"])
def test_an_account_that_is_gone_is_put_out(held, clock, change):
    async def then(found):
        rows = User.objects.filter(pk=held["nobody"].pk)
        await (rows.aupdate(is_active=False) if change == "closed" else committed(rows.delete))
        clock(conf.get().pin_seconds + 1)
        return await found.say("one")

    assert in_socket(held, "nobody", then=then)[1] == CLOSED


def test_messages_within_a_snapshot_read_nothing(held, no_database):
    async def then(found):
        await found.say("one")
        with no_database():
            return [(await found.say(number))["echo"] for number in range(20)]

    assert in_socket(held, "nobody", then=then)[1] == list(range(20))


def test_a_connection_keeps_its_snapshot_to_itself(held):
    async def then(found):
        await found.say("one")
        return pins.current()

    assert in_socket(held, "nobody", then=then)[1] is None


def viewing_client(campus):
    client = signed_in(campus["owner"])
    request = type("Request", (), {"session": client.session, "user": campus["owner"]})()
    will_restore(request)
    view_as(request, STUDENT, campus.course, reason="a test")
    request.session.save()
    client.cookies["sessionid"] = request.session.session_key
    return client


def test_whoever_views_as_a_role_reads_and_says_nothing(campus, settings):
    async def run():
        async with socket(client, f"/forum/{campus.course.pk}/") as found:
            return await found.connect(), await found.say("one")

    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    with at_stage("enforce"):
        client = viewing_client(campus)
        assert finished(run()) == ("websocket.accept", CLOSED)


@pytest.mark.parametrize(
    ("url", "says"),
    [("nameless", "names no permission"), ("homeless", "define get_permission_object")],
)
def test_a_consumer_that_says_too_little_is_an_error(campus, url, says):
    async def run():
        where = "/homeless/" if url == "homeless" else f"/{url}/{campus.course.pk}/"
        async with socket(client, where) as found:
            await found.connect()

    client = browser(campus["owner"])
    with at_stage("enforce"), pytest.raises(ImproperlyConfigured, match=says):
        finished(run())


def test_a_scope_without_a_user_is_an_error_and_nobody_anonymous(campus):
    async def run():
        async with socket(None, f"/forum/{campus.course.pk}/", sockets.ROUTES) as found:
            await found.connect()

    with at_stage("enforce"), pytest.raises(ImproperlyConfigured, match="AuthMiddlewareStack"):
        finished(run())


def test_a_misspelt_permission_is_an_error_and_is_known_before(campus):
    class Misspelt(sockets.Forum):
        permission = "lecture.veiw"

    async def run():
        routes = sockets.URLRouter([path("<int:course_id>/", Misspelt.as_asgi())])
        application = sockets.AuthMiddlewareStack(routes)
        async with socket(client, f"/{campus.course.pk}/", application) as found:
            await found.connect()

    assert "lecture.veiw" in {use.permission for use in uses.declared_uses()}
    client = browser(campus["superuser"])
    with at_stage("enforce"), pytest.raises(UnknownPermission):
        finished(run())


def test_the_legacy_world_answers_in_a_socket_too(campus):
    with at_stage("off"):
        assert in_socket(campus, "student")[0] == "websocket.accept"
        assert in_socket(campus, "nobody")[0] == "websocket.close"
