"""What the page on failures promises and no other test shows: no cache, broker or call needed."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
import redis.exceptions
from celery import current_app
from django.core.cache import cache

import auth_lib
from auth_lib import testing
from authmigration import Stage, assign, check, filter_queryset, roles_of, unassign
from authmigration.rollout import killing
from authmigration.stages import set_stage
from monolith.courses.authz import STUDENT, TA
from monolith.courses.models import Course
from tests.authmigration import worlds
from tests.authmigration.rows import captured, sync

NOBODY = "redis://127.0.0.1:1/0"
WHO = {"actor": "test", "reason": "a test"}


@pytest.fixture
def nobody_else(settings, monkeypatch):
    """A cache and a broker that nobody serves; whoever turns to one of them fails."""
    backend = "django.core.cache.backends.redis.RedisCache"
    monkeypatch.setitem(current_app.conf.changes, "broker_url", NOBODY)
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": NOBODY}}
    with pytest.raises(redis.exceptions.ConnectionError):
        cache.get("anything")
    monkeypatch.setattr(socket.socket, "connect", forbidden)


def forbidden(self, address):
    raise ConnectionRefusedError(f"nobody is at {address}")


@pytest.mark.django_db(transaction=True)
@pytest.mark.sqlite
@pytest.mark.parametrize("stage", [Stage.SHADOW, Stage.ENFORCE])
def test_no_answer_and_no_change_needs_a_cache_or_a_broker(nobody_else, stage):
    course = worlds.course(worlds.school())
    learner = worlds.user()
    worlds.enrol(learner, course)
    with captured():
        set_stage("everyone", stage, **WHO)
        sync(learner)
        assign(learner, TA, course, **WHO)

        found = check(learner, "course.view", course)
        assert (found.allowed, found.stage) == (True, stage.value)
        assert list(filter_queryset(learner, "course.view", Course.objects.all())) == [course]
        assert {fact.role for fact in roles_of(learner)} >= {"student"}
        unassign(learner, STUDENT, course, **WHO)
        killing.kill(**WHO)
        assert check(learner, "course.view", course).world == "legacy"


def test_a_service_asks_nobody(monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", forbidden)
    with testing.configured() as issuer:
        token = issuer.token("7", roles={"course": {"teacher": ["42"]}})

        assert auth_lib.is_authorized(token, "course", "42", "teacher")
        assert not auth_lib.is_authorized(token, "course", "43", "teacher")


@pytest.fixture
def monolith():
    """The monolith as a service sees it: an address with keys."""
    key = auth_lib.Key.generate()
    document = json.dumps({"keys": [key.public_jwk()]}).encode()

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(document)

        def log_message(self, *_):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Keys)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def stop():
        server.shutdown()
        server.server_close()
        thread.join()

    url = f"http://127.0.0.1:{server.server_address[1]}/keys"
    yield SimpleNamespace(issuer=testing.Issuer(key), url=url, stop=stop)
    stop()


def test_a_service_goes_on_with_the_keys_that_it_has_while_the_monolith_is_down(monolith):
    now = SimpleNamespace(seconds=1000.0)
    keys = auth_lib.PublishedKeys(monolith.url, clock=lambda: now.seconds)
    issuer = monolith.issuer
    verifier = auth_lib.TokenVerifier(issuer=issuer.issuer, audience=issuer.audience, keys=keys)
    assert verifier.verify(issuer.token("7")).subject == "7"

    monolith.stop()
    now.seconds += 3600  # long after the keys were to be fetched again
    assert verifier.verify(issuer.token("8")).subject == "8"
    now.seconds += 86_400
    with pytest.raises(auth_lib.TokenError, match="cannot be fetched now"):
        verifier.verify(issuer.token("9"))
