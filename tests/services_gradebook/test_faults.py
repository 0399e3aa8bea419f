"""Walks the table "Faults" of docs/how-to/issue-tokens.md: each row has a test, each test a row."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from django.core.management import call_command
from django.db import connections

from auth_lib import KeySet, TokenVerifier
from auth_lib.contrib.redis import RedisGenerations
from auth_lib.jwks import PublishedKeys
from authmigration.tokens import options, signing
from authmigration_client import TokenAuth, Unavailable
from feature_flags.testing import override_flags
from monolith.courses.models import Enrolment
from tests.authmigration import worlds
from tests.services.processes import free_port

from .faulty import World

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "issue-tokens.md"
ROWS = {
    cells[0]: SimpleNamespace(answer=cells[2], message=cells[3])
    for line in PAGE.read_text().partition("### Faults\n")[2].partition("\n#")[0].splitlines()
    if line.startswith("| ") and not line.startswith("| fault ")
    for cells in [[cell.strip() for cell in line.strip("|").split(" | ")]]
}
WALKS: dict[str, Callable] = {}
LEGACY = 612


def row(fault):
    """Name the row that a function walks: it returns the last answer of the fault."""

    def add(walk):
        assert WALKS.setdefault(fault, walk) is walk, f"two tests walk {fault!r}"
        return walk

    return add


@pytest.fixture(autouse=True)
def platform(settings):
    settings.ROOT_URLCONF = "monolith.urls"
    with override_flags({"authz_tokens": True, "authz_shadow": True, "authz_enforce": True}):
        yield


@pytest.fixture
def world(settings, settings_of_service):
    return World(settings, settings_of_service)


@row("a wrong password")
def wrong_password(world):
    assert world.log_in("right").status_code == 200
    return world.log_in("wrong")


@row("an inactive user logs in")
def inactive_log_in(world):
    world.anna.is_active = False
    world.anna.save()
    return world.log_in("right")


@row("an inactive user refreshes")
def inactive_refresh(world):
    text = world.device()
    world.anna.is_active = False
    world.anna.save()
    return world.refresh(text)


@row("a token for another service")
def wrong_audience(world):
    return world.ask(world.forged(audience=("payments",)))


@row("a token without a service")
def no_audience(world):
    return world.ask(world.forged(audience=()))


@row("the clock of the service is 10 s off")
def small_skew(world):
    token = world.forged(lifetime=2)
    assert world.ask(token, clock=lambda: time.time() - 9).status_code == 200
    return world.ask(token, clock=lambda: time.time() + 9)


@row("the clock of the service is behind by more")
def behind(world):
    return world.ask(world.token(), clock=lambda: time.time() - 60)


@row("the clock of the service is ahead by more")
def ahead(world):
    return world.ask(world.token(), clock=lambda: time.time() + 3600)


@row("a revoked family")
def revoked(world):
    text = world.device()
    call_command("authz_revoke", str(world.anna.pk), "--reason", "a lost phone", stdout=StringIO())
    return world.refresh(text)


@row("Redis is gone, at the issuer")
def issuer_without_redis(world):
    world.redis_is_gone()
    begin = time.monotonic()
    answer = world.refresh()
    assert time.monotonic() - begin < 5
    return answer


@row("Redis is gone, at the service")
def service_without_redis(world):
    return world.ask(world.token(), generations=RedisGenerations.from_url(world.redis_url))


@row("Redis is gone, and a token of more than a minute is denied")
def denied_without_redis(world):
    token = world.forged(issued_at=int(time.time()) - 90)
    gone = RedisGenerations.from_url(world.redis_url)
    assert world.ask(world.forged(), "/courses/1/grades", generations=gone).status_code == 403
    return world.ask(token, "/courses/1/grades", generations=gone)


@row("the keys are out of reach, and none is known")
def no_keys(world):
    with world.with_ed25519():
        return world.ask(
            world.token(), keys=PublishedKeys(f"http://127.0.0.1:{free_port()}/jwks.json")
        )


@row("the keys are out of reach, and the last ones are known")
def last_keys(world):
    with world.with_ed25519() as server:
        clock = [0.0]
        keys = PublishedKeys(server.url, clock=lambda: clock[0])
        token = world.token()
        assert world.ask(token, keys=keys).status_code == 200
        server.close()
        clock[0] = 3600  # it has tried again, and failed, by now
        world.ask(token, keys=keys)
        return world.ask(token, keys=keys)


@row("the monolith is down, and the token holds")
def down_and_held(world):
    with world.with_ed25519() as server:
        keys, token = PublishedKeys(server.url), world.token()
        world.ask(token, keys=keys)
        server.close()
        connections.close_all()
        return world.ask(token, keys=keys)


@row("the monolith is down, and the token has ended")
def down_and_ended(world):
    """The client is told by its own error; what it answers is read as the row has it."""
    auth = TokenAuth(
        prefix=f"http://127.0.0.1:{free_port()}/auth/",
        origins=["https://gradebook.example"],
        refresh_token="kept",
    )
    ends = []
    auth._session.store = ends.append
    with httpx.Client(auth=auth) as client, pytest.raises(Unavailable) as caught:
        client.get("https://gradebook.example/grades")
    assert ends == [], "the session is kept"
    return SimpleNamespace(said=(f"`{caught.value.code}`", str(caught.value)))


@row("612 legacy contexts")
def many(world):
    enrolled = [world.algebra, *(worlds.course(world.algebra.school) for _ in range(LEGACY - 1))]
    Enrolment.objects.bulk_create(
        Enrolment(student=world.anna, course=course, kind=Enrolment.LEARNER)
        for course in enrolled[1:]
    )
    answer = world.refresh()
    assert len(answer.json()["access_token"]) <= options.get().most_bytes
    return answer


@row("612 legacy contexts, and one that the token left out")
def left_out(world):
    answer = many(world)
    claims = TokenVerifier(
        issuer=options.get().issuer, audience="gradebook", keys=KeySet(signing.keys())
    ).verify(answer.json()["access_token"])
    held = {str(pk) for pk in world.anna.enrolments.values_list("course", flat=True)}
    missing = min(held - claims.grants.ids("course", "student"), key=int)
    refused = world.ask(answer.json()["access_token"], f"/courses/{missing}/grades")
    context = refused.json()["detail"]["context"]
    assert context == f"course:{missing}"
    again = world.refresh(context=[context]).json()["access_token"]
    # A student lists no grades there: with the context in the token that is known.
    assert world.ask(again, f"/courses/{missing}/grades").status_code == 403
    return refused


@row("two refreshes at once")
def at_once(world):
    text, start = world.device(), threading.Barrier(2)

    def send(_):
        try:
            start.wait()
            return world.refresh(text)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(send, range(2))
    assert first.status_code == second.status_code == 200
    assert first.json()["refresh_token"] == second.json()["refresh_token"]
    return second


def said(answer):
    """Return what a row says: status, code and message of an answer."""
    if hasattr(answer, "said"):
        return answer.said
    found = answer.json()
    detail = found.get("detail", found)
    code = detail.get("code") or detail.get("error")
    assert code is None or "access_token" not in found
    status = f"{answer.status_code} `{code}`" if code else str(answer.status_code)
    return status, detail.get("message", "")


def test_every_row_has_a_test_and_every_test_a_row():
    assert set(ROWS) == set(WALKS)


@pytest.mark.parametrize("fault", ROWS)
def test_each_fault_has_its_status_its_code_and_its_message(world, fault):
    answer = WALKS[fault](world)

    assert said(answer) == (ROWS[fault].answer, ROWS[fault].message)
