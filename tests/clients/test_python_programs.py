"""A program asks for its own tokens; the issuer is played by a transport, call by call."""

import asyncio
import base64
import logging
import time

import httpx
import pytest

from authmigration_client import ProgramAuth, Unavailable

ISSUER, SERVICE = "https://lms.example/auth/", "https://gradebook.example"
SECRET = "a+b:c/d e%"


class World:
    """Issuer and service; counts what is asked of both."""

    def __init__(self, status=200, life=300):
        self.asked, self.carried = [], []
        self.status, self.life = status, life

    def issuer(self, request):
        self.asked.append(request)
        if self.status != 200:
            return httpx.Response(self.status, json={"error": "invalid_client", "message": "No."})
        token = {"access_token": f"t{len(self.asked)}", "token_type": "Bearer"}
        return httpx.Response(200, json={**token, "expires_in": self.life})

    def service(self, request):
        self.carried.append(request.headers.get("Authorization"))
        return httpx.Response(200)

    def auth(self, **options):
        given = {
            "prefix": ISSUER,
            "origins": [SERVICE],
            "client_id": "nightly-report",
            "client_secret": SECRET,
            "client": lambda: httpx.Client(transport=httpx.MockTransport(self.issuer)),
            "async_client": lambda: httpx.AsyncClient(transport=httpx.MockTransport(self.issuer)),
        }
        return ProgramAuth(**given | options)

    def client(self, **options):
        return httpx.Client(
            auth=self.auth(**options), transport=httpx.MockTransport(self.service), base_url=SERVICE
        )


def test_the_credentials_go_to_the_issuer_alone_and_form_encoded():
    world = World()

    with world.client() as client:
        client.get("/one")
        client.get("/two")

    (request,) = world.asked
    assert request.url == f"{ISSUER}token/"
    scheme, _, text = request.headers["Authorization"].partition(" ")
    assert scheme == "Basic"
    assert base64.b64decode(text) == b"nightly-report:a%2Bb%3Ac%2Fd+e%25"
    assert world.carried == ["Bearer t1", "Bearer t1"]


def test_a_token_that_is_about_to_end_is_replaced_before_it_is_sent():
    world = World(life=0.5)

    with world.client() as client:
        client.get("/")
        time.sleep(0.5)
        client.get("/")

    assert world.carried == ["Bearer t1", "Bearer t2"]


def test_the_header_of_a_call_for_a_user_goes_out_as_it_is():
    world = World()

    with world.client() as client:
        client.get("/", headers={"Authorization": "Bearer of-the-user"})

    assert world.carried == ["Bearer of-the-user"]
    assert world.asked == []


def test_refused_credentials_are_tried_once_and_named():
    world = World(status=401)

    with world.client() as client, pytest.raises(Unavailable) as caught:
        client.get("/")

    assert caught.value.reason == "invalid_client"
    assert len(world.asked) == 1
    assert world.carried == []


def test_a_task_gets_a_token_too():
    world = World()

    async def ask():
        transport = httpx.MockTransport(world.service)
        async with httpx.AsyncClient(auth=world.auth(), transport=transport) as client:
            await client.get(SERVICE)

    asyncio.run(ask())

    assert world.carried == ["Bearer t1"]


def test_signing_out_tells_the_issuer_nothing():
    world = World()
    auth = world.auth()

    auth.sign_out()
    asyncio.run(auth.asign_out())

    assert world.asked == []


@pytest.mark.parametrize("missing", ["client_id", "client_secret"])
def test_an_empty_credential_is_refused_at_once(missing):
    with pytest.raises(ValueError, match="empty"):
        World().auth(**{missing: ""})


def test_credentials_never_cross_plain_http():
    with pytest.raises(ValueError, match="https://"):
        World().auth(prefix="http://lms.example/auth/")


def test_neither_logs_nor_shown_objects_hold_a_secret(caplog):
    caplog.set_level(logging.DEBUG)
    world = World()
    auth = world.auth()

    with httpx.Client(auth=auth, transport=httpx.MockTransport(world.service)) as client:
        client.get(SERVICE)

    shown = repr(vars(auth)) + repr(auth._session) + repr(auth._refresher) + caplog.text
    encoded = base64.b64encode(b"nightly-report:a%2Bb%3Ac%2Fd+e%25").decode()
    assert "Session(" in shown
    assert not any(each in shown for each in (SECRET, encoded, "'t1'"))
