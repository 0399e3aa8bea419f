"""Published keys, from a real server: rotated, unreachable, redirected, endless, stormed."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from auth_lib import (
    Key,
    NotConfigured,
    PublishedKeys,
    TokenError,
    TokenVerifier,
    VerifiedTokens,
)
from auth_lib.fetching import MAX_DOCUMENT_BYTES, FetchFailed, fetch
from auth_lib.testing import AUDIENCE, ISSUER, Issuer
from tests.auth_lib.publishing import NEW, OLD, Server


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def server():
    running = Server()
    yield running
    running.close()


@pytest.fixture
def clock():
    return Clock()


def verifier(server, clock, **others):
    source = PublishedKeys(server.url, clock=clock, **others)
    return TokenVerifier(issuer=ISSUER, audience=AUDIENCE, keys=source, cache=VerifiedTokens())


def token(key, **others):
    return Issuer(key).token(**others)


def code_of(ours, text):
    with pytest.raises(TokenError) as refused:
        ours.verify(text)
    return refused.value.code


def eventually(holds):
    until = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.01)


def test_many_tokens_cost_one_fetch(server, clock):
    ours = verifier(server, clock)

    for number in range(5):
        assert ours.verify(token(OLD, subject=str(number)))

    assert server.asked == 1


def test_a_new_key_is_found_when_its_first_token_comes(server, clock):
    ours = verifier(server, clock)
    ours.verify(token(OLD))
    server.keys = [OLD, NEW]
    clock.now += 11

    assert ours.verify(token(NEW))
    assert ours.verify(token(OLD))
    assert server.asked == 2


def test_a_storm_of_unknown_kids_costs_one_fetch_for_each_pause(server, clock):
    """GHSA-2gx3-rcp4-g85q."""
    ours = verifier(server, clock)
    ours.verify(token(OLD))
    clock.now += 11

    for _ in range(50):
        assert code_of(ours, token(Key.generate())) == "unknown_key"

    assert server.asked == 2


def test_a_token_with_an_algorithm_that_is_never_published_costs_no_fetch(server, clock):
    ours = verifier(server, clock)
    ours.verify(token(OLD))
    clock.now += 11

    secret = Key.from_secret("x" * 40, "unknown")
    assert code_of(ours, token(secret)) == "algorithm_refused"
    assert server.asked == 1


def test_while_the_issuer_is_down_the_last_keys_stay_good(server, clock):
    """GHSA-fhv5-28vv-h8m8."""
    ours = verifier(server, clock, lifespan=300, stale_if_error=1000)
    ours.verify(token(OLD))
    server.answer = server.fail
    clock.now += 1200

    assert ours.verify(token(OLD))
    eventually(lambda: server.asked == 2)
    assert ours.verify(token(OLD, subject="2"))

    clock.now += 200
    assert code_of(ours, token(OLD)) == "keys_unavailable"


def test_a_first_token_while_the_issuer_is_down_is_not_called_bad(server, clock):
    server.answer = server.fail
    ours = verifier(server, clock)

    assert [code_of(ours, token(OLD)) for _ in range(5)] == ["keys_unavailable"] * 5
    assert server.asked == 1

    server.answer = server.publish
    clock.now += 11
    assert ours.verify(token(OLD))


def test_a_key_that_is_taken_away_ends_its_tokens_also_those_in_the_cache(server, clock):
    ours = verifier(server, clock, lifespan=300)
    old = token(OLD)
    ours.verify(old)
    server.keys = [NEW]
    clock.now += 301

    # The old set is good until the new one is there.
    eventually(lambda: code_or_none(ours, old) == "unknown_key")
    assert server.asked == 2


def code_or_none(ours, text):
    try:
        ours.verify(text)
    except TokenError as error:
        return error.code
    return None


def test_the_same_document_keeps_the_cache(server, clock):
    ours = verifier(server, clock, lifespan=300)
    ours.verify(token(OLD))
    before = ours.keys.version
    clock.now += 301

    ours.verify(token(OLD))
    eventually(lambda: server.asked == 2)

    assert ours.keys.version is before


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"keys":[]}',
        b'{"keys":[],"keys":[]}',
        b"\xff",
        json.dumps({"keys": [OLD.private_jwk()]}).encode(),
        b"[" * 60_000,
    ],
    ids=range(7),
)
def test_a_document_that_is_no_key_set_changes_nothing(server, clock, body):
    ours = verifier(server, clock)
    ours.verify(token(OLD))
    server.answer = lambda request: server.send(request, body)
    clock.now += 11

    assert code_of(ours, token(NEW)) == "unknown_key"
    assert ours.verify(token(OLD, subject="2"))


def test_a_redirect_is_not_followed(server, clock):
    """GHSA-9v7f-9g4p-ffgj."""
    elsewhere = Server()
    server.answer = lambda request: server.send(request, b"", 302, Location=elsewhere.url)

    assert code_of(verifier(server, clock), token(OLD)) == "keys_unavailable"
    assert elsewhere.asked == 0
    elsewhere.close()


def test_an_endless_document_is_left(server):
    server.answer = lambda request: server.send(request, b"x" * (MAX_DOCUMENT_BYTES + 1))

    with pytest.raises(FetchFailed, match="more than"):
        fetch(server.url, 3)


def test_a_document_that_drips_is_left(server):
    def drip(request):
        server.send(request, b"", 200)
        for _ in range(30):
            try:
                request.wfile.write(b"x" * 10)
                request.wfile.flush()
            except OSError:
                return
            time.sleep(0.05)

    server.answer = drip
    begin = time.monotonic()

    with pytest.raises(FetchFailed):
        fetch(server.url, 0.2)

    assert time.monotonic() - begin < 1


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file:///etc/passwd",
        "ftp://x/y",
        "http://lms.example/jwks",
        "https://",
        "http://[",
        "//x",
    ],
)
def test_keys_are_only_taken_over_a_protected_connection(url):
    """GHSA-993g-76c3-p5m4."""
    with pytest.raises(NotConfigured, match="AUTH_LIB_JWKS_URL"):
        PublishedKeys(url)


def test_an_unprotected_connection_may_be_allowed_by_name():
    assert PublishedKeys("http://lms.internal/jwks", allow_http=True).url
    assert PublishedKeys("https://lms.example/jwks").url


@pytest.mark.parametrize("known", [False, True])
def test_threads_that_come_at_once_wait_for_one_fetch(server, clock, known):
    def slowly(request):
        time.sleep(0.2)
        server.publish(request)

    ours = verifier(server, clock)
    if known:
        ours.verify(token(OLD))
        clock.now += 11
    server.keys, server.answer = [OLD, NEW], slowly
    text, asked = token(NEW), server.asked

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: code_or_none(ours, text), range(8)))

    assert answers == [None] * 8
    assert server.asked == asked + 1


def test_whether_a_token_would_wait_for_the_network_is_known_before(server, clock):
    ours = verifier(server, clock)
    assert ours.would_wait(token(OLD))

    ours.verify(token(OLD))
    assert not ours.would_wait(token(OLD))
    assert not ours.would_wait(token(NEW))  # the pause is not over
    clock.now += 11
    assert ours.would_wait(token(NEW))
    assert not ours.would_wait(token(Key.generate("HS256")))
