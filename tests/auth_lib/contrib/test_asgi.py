"""The middleware before an application without a framework, on a real server."""

import asyncio
import time

import httpx
import pytest

from auth_lib import Context, Freshness, Key, PublishedKeys, TokenVerifier, ViewedRole
from auth_lib.contrib.asgi import AuthMiddleware
from auth_lib.gates import Gate
from auth_lib.testing import AUDIENCE, ISSUER, Issuer, configured
from tests.auth_lib.contrib.serving import app
from tests.auth_lib.publishing import OLD, Server

TOKENS = Issuer()


class Known:
    def __init__(self, **known):
        self.known = Freshness(**known)

    def look(self, subject):
        return self.known

    def would_wait(self, subject):
        return True


def ask(middleware, method="GET", path="/", **headers):
    async def request():
        transport = httpx.ASGITransport(middleware)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(request())


def code_of(response):
    return response.json()["detail"]["code"]


def test_a_request_with_a_token_reaches_the_application_with_its_claims():
    response = ask(AuthMiddleware(app, TOKENS.gate()), **TOKENS.headers("7"))

    assert response.json() == {"subject": "7"}
    assert "X-Auth-Refresh" not in response.headers


def test_the_gate_is_that_of_the_process_unless_given():
    with configured(TOKENS):
        assert ask(AuthMiddleware(app), **TOKENS.headers()).status_code == 200


@pytest.mark.parametrize(
    ("sent", "code", "header"),
    [
        ({}, "missing_token", "Bearer"),
        ({"Authorization": "Basic eDp5"}, "missing_token", "Bearer"),
        ({"Authorization": "Bearer"}, "missing_token", "Bearer"),
        ({"Authorization": "Bearer x"}, "malformed_token", 'Bearer error="invalid_token"'),
        (TOKENS.headers(lifetime=-60), "token_expired", 'Bearer error="invalid_token"'),
        (Issuer().headers(), "bad_signature", 'Bearer error="invalid_token"'),
    ],
)
def test_what_is_no_good_token_is_answered_with_401_and_a_code(sent, code, header):
    response = ask(AuthMiddleware(app, TOKENS.gate()), **sent)

    assert (response.status_code, code_of(response)) == (401, code)
    assert response.headers["WWW-Authenticate"].startswith(header)
    assert response.headers["Cache-Control"] == "no-store"


def test_an_expired_token_is_told_to_be_refreshed():
    response = ask(AuthMiddleware(app, TOKENS.gate()), **TOKENS.headers(lifetime=-60))

    assert response.headers["X-Auth-Refresh"] == "token_expired"


def test_two_authorization_headers_are_refused():
    async def request():
        sent = [("Authorization", TOKENS.headers()["Authorization"])] * 2
        transport = httpx.ASGITransport(AuthMiddleware(app, TOKENS.gate()))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get("/", headers=sent)

    assert code_of(asyncio.run(request())) == "malformed_token"


def test_without_requirement_a_missing_token_is_nobody_and_a_bad_one_still_refused():
    middleware = AuthMiddleware(app, TOKENS.gate(), required=False)

    assert ask(middleware).json() == {"subject": None}
    assert ask(middleware, Authorization="Bearer x").status_code == 401


def test_an_exempt_path_needs_no_token_and_gets_no_claims():
    middleware = AuthMiddleware(app, TOKENS.gate(), exempt=["/healthz"])

    assert ask(middleware, path="/healthz", **TOKENS.headers("7")).json() == {"subject": None}
    assert ask(middleware, path="/healthz/").status_code == 401


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"viewed": ViewedRole("student", Context("course", "1"))}, "view_as_read_only"),
        ({"actor": "9"}, "acting_read_only"),
    ],
)
def test_with_a_read_only_token_only_safe_methods_pass(claims, code):
    middleware, headers = AuthMiddleware(app, TOKENS.gate()), TOKENS.headers(**claims)

    assert ask(middleware, **headers).status_code == 200
    for method in ("POST", "PUT", "PATCH", "DELETE", "PROPFIND"):
        response = ask(middleware, method, **headers)
        assert (response.status_code, code_of(response)) == (403, code)


def test_a_response_to_a_token_that_is_behind_says_so():
    behind = AuthMiddleware(app, TOKENS.gate(generations=Known(generation=4)))

    for generation, hint in ((3, "behind"), (4, None), (0, None)):
        response = ask(behind, **TOKENS.headers(generation=generation))
        assert response.status_code == 200
        assert response.headers.get("X-Auth-Refresh") == hint


def test_a_token_from_before_a_renewal_is_stale():
    gate = TOKENS.gate(generations=Known(renewed_from=int(time.time())))
    response = ask(AuthMiddleware(app, gate), **TOKENS.headers())

    assert (response.status_code, code_of(response)) == (401, "stale")
    assert response.headers["X-Auth-Refresh"] == "stale"


def test_keys_that_cannot_be_fetched_are_503_and_not_401():
    source = PublishedKeys("http://127.0.0.1:9/jwks", timeout=0.2)
    gate = Gate(TokenVerifier(issuer=ISSUER, audience=AUDIENCE, keys=source))
    response = ask(AuthMiddleware(app, gate), **Issuer(Key.generate()).headers())

    assert (response.status_code, code_of(response)) == (503, "keys_unavailable")
    assert response.headers["Retry-After"]


def test_while_keys_are_fetched_other_requests_are_answered():
    published = Server()
    quick, slow = (
        TOKENS.gate(),
        Gate(TokenVerifier(issuer=ISSUER, audience=AUDIENCE, keys=PublishedKeys(published.url))),
    )

    def slowly(request):
        time.sleep(0.4)
        published.publish(request)

    async def both():
        published.answer = slowly
        waits = asyncio.create_task(slow.averify(Issuer(OLD).token()))
        await asyncio.sleep(0.05)
        begin = time.monotonic()
        await quick.averify(TOKENS.token())
        took = time.monotonic() - begin
        return took, (await waits).subject

    took, subject = asyncio.run(both())
    published.close()
    assert took < 0.2
    assert subject == "1"


def test_lifespan_passes_untouched():
    seen = []

    async def inner(scope, receive, send):
        seen.append(scope["type"])

    asyncio.run(AuthMiddleware(inner)({"type": "lifespan"}, None, None))
    assert seen == ["lifespan"]
