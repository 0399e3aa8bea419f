"""The Python client beside what the conversations say of every client: threads, tasks, bodies."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from authmigration_client import NotRevoked, TokenAuth, Unavailable
from clients.checker.platform import LOST, Platform

REFRESH = "/auth/refresh/"


@pytest.fixture
def platform():
    with Platform() as running:
        yield running


@pytest.fixture
def events():
    return []


@pytest.fixture
def auth(platform, events):
    return make_auth(platform, on_event=events.append)


def make_auth(platform, **options):
    given = {
        "prefix": f"{platform.here}/auth/",
        "origins": [platform.here],
        "refresh_token": platform.families.begin(),
    }
    return TokenAuth(**given | options)


def get_many(auth, urls):
    """Get each in a thread of its own, at the same moment."""
    barrier = threading.Barrier(len(urls))

    def get(url):
        with httpx.Client(auth=auth) as client:
            barrier.wait()
            return client.get(url).status_code

    with ThreadPoolExecutor(len(urls)) as pool:
        return list(pool.map(get, urls))


def test_threads_share_one_refresh(platform, auth):
    first = get_many(auth, [f"{platform.here}/ok"] * 8)
    platform.expire()
    second = get_many(auth, [f"{platform.here}/slow/{10 + 40 * number}" for number in range(8)])

    assert set(first + second) == {200}
    assert platform.counts["refreshes"] == 2


def test_tasks_and_threads_share_one_refresh(platform, auth):
    async def get_as_task():
        async with httpx.AsyncClient(auth=auth) as client:
            return (await client.get(f"{platform.here}/ok")).status_code

    with ThreadPoolExecutor(8) as pool:
        in_loops = [pool.submit(asyncio.run, get_as_task()) for _ in range(4)]
        in_threads = get_many(auth, [f"{platform.here}/ok"] * 4)

    assert {result.result() for result in in_loops} | set(in_threads) == {200}
    assert platform.counts["refreshes"] == 1


def test_a_cancelled_task_stops_waiting_and_the_refresh_goes_on(platform, auth):
    platform.instead[REFRESH].append(LOST)  # so that it takes a while

    async def both():
        async with httpx.AsyncClient(auth=auth) as client:
            impatient = asyncio.create_task(client.get(f"{platform.here}/ok"))
            await asyncio.sleep(0.05)
            patient = asyncio.create_task(client.get(f"{platform.here}/ok"))
            await asyncio.sleep(0.05)
            impatient.cancel()
            answer = await patient
            return impatient.cancelled(), answer.status_code

    assert asyncio.run(both()) == (True, 200)
    assert platform.counts["refreshes"] == 2


def test_a_body_that_is_used_up_is_not_sent_again(platform, auth, events):
    with httpx.Client(auth=auth) as client:
        client.get(f"{platform.here}/ok")
        platform.expire()

        answer = client.post(f"{platform.here}/ok", content=iter([b"forty-", b"two"]))
        after = client.get(f"{platform.here}/ok")

    assert (answer.status_code, after.status_code) == (401, 200)
    assert ("not_retried", "stream") in {(event.type, event.reason) for event in events}
    assert platform.counts["refreshes"] == 2


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"content": b"forty-two"}, id="bytes"),
        pytest.param({"json": ["forty-two"]}, id="json"),
        pytest.param({"data": {"answer": "forty-two"}}, id="form"),
        pytest.param({"files": {"file": ("answer.txt", b"forty-two")}}, id="file"),
    ],
)
def test_a_body_is_sent_whole_a_second_time(platform, auth, body):
    with httpx.Client(auth=auth) as client:
        client.get(f"{platform.here}/ok")
        platform.expire()

        answer = client.post(f"{platform.here}/ok", **body)

    assert answer.status_code == 200
    assert "forty-two" in answer.text


def test_a_refresh_token_is_stored_before_its_answer_is_used(platform):
    stored = []

    def store(refresh_token):
        stored.append((refresh_token, platform.counts["sent"]))

    auth = make_auth(platform, store=store)
    with httpx.Client(auth=auth) as client:
        client.get(f"{platform.here}/ok")
        auth.sign_out()

    assert [sent for _, sent in stored] == [0, 1]
    assert stored[1][0] is None


class SlowLine(httpx.HTTPTransport):
    """Delivers each answer late."""

    def handle_request(self, request):
        response = super().handle_request(request)
        time.sleep(0.3)
        return response


def test_a_sign_out_while_a_refresh_is_underway_stays_one(platform):
    auth = make_auth(platform, client=lambda: httpx.Client(transport=SlowLine()))
    with ThreadPoolExecutor(1) as pool, httpx.Client(auth=auth) as client:
        waiting = pool.submit(client.get, f"{platform.here}/ok")
        while not platform.issued:
            time.sleep(0.01)
        auth.sign_out()

        assert waiting.result().text == "anonymous"
        assert client.get(f"{platform.here}/ok").text == "anonymous"


def test_what_could_not_be_revoked_raises(platform, auth):
    platform.instead["/auth/revoke/"].append([502, "", {}])

    with pytest.raises(NotRevoked, match="http_502"):
        auth.sign_out()


def test_an_issuer_that_cannot_be_reached_is_unavailable(platform):
    auth = make_auth(platform, prefix="http://127.0.0.1:9/auth/")

    with httpx.Client(auth=auth) as client, pytest.raises(Unavailable) as caught:
        client.get(f"{platform.here}/ok")

    assert (caught.value.code, caught.value.reason) == ("unavailable", "network")
    assert 0 < caught.value.retry_after <= 5


def test_the_skew_of_the_clocks_is_told(platform, auth, events, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 7200)
    token = platform.issue([])
    platform.instead[REFRESH].append(
        [
            200,
            {"access_token": token, "token_type": "Bearer", "expires_in": 300, "issued_at": now},
            {},
        ]
    )

    with httpx.Client(auth=auth) as client:
        assert client.get(f"{platform.here}/ok").status_code == 200

    assert events[0].skew == pytest.approx(7200, abs=5)


@pytest.mark.parametrize(
    "address", ["http://gradebook.example", "ftp://gradebook.example", "gradebook.example"]
)
@pytest.mark.parametrize("where", ["origins", "prefix"])
def test_a_token_never_goes_over_plain_http(platform, where, address):
    options = {where: [address] if where == "origins" else address}

    with pytest.raises(ValueError, match="https://"):
        make_auth(platform, **options)


def test_a_request_with_its_own_authorization_is_left_alone(platform, auth):
    with httpx.Client(auth=auth) as client:
        answer = client.get(f"{platform.here}/ok", headers={"Authorization": "Basic eHg="})

    assert answer.status_code == 401
    assert platform.counts["refreshes"] == 0
