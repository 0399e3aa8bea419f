"""A service in FastAPI, with and without the middleware in front."""

import asyncio
from typing import Annotated

import httpx
import pytest
from fastapi import Depends, FastAPI, Request

from auth_lib import Context, Freshness, NotConfigured, Policy, Role, ViewedRole
from auth_lib.contrib.asgi import AuthMiddleware
from auth_lib.contrib.fastapi import claims_of, require_permission, require_role
from auth_lib.policy import ContextKind
from auth_lib.testing import Issuer, configured

TEACHER = Role("teacher", on="course", can={"grade.edit"})
HEAD = Role("head", on="school", implies=[TEACHER])
POLICY = Policy((TEACHER, HEAD), (ContextKind("school"), ContextKind("course", "school")))
TOKENS = Issuer()
GRADES = "/courses/42/grades"


class Behind:
    def look(self, subject):
        return Freshness(9)

    def would_wait(self, subject):
        return False


def service():
    app = FastAPI()

    @app.get("/me")
    async def me(claims: Annotated[object, Depends(claims_of)]):
        return {"subject": claims.subject}

    @app.post("/me")
    async def change(claims: Annotated[object, Depends(claims_of)]):
        return {"subject": claims.subject}

    @app.get(
        "/courses/{course_id}/grades", dependencies=[Depends(require_role("course", "teacher"))]
    )
    async def grades(course_id: str):
        return {"course": course_id}

    def school(request: Request):
        return [f"school:{request.query_params['school']}"]

    may_edit = require_permission("grade.edit", "course", param="id", lineage=school)

    @app.put("/courses/{id}/grades", dependencies=[Depends(may_edit)])
    async def edit(id: str):  # noqa: A002 -- a parameter of a path
        return {"course": id}

    return app


@pytest.fixture(params=["dependencies", "middleware"])
def app(request):
    found = service()
    return found if request.param == "dependencies" else AuthMiddleware(found)


def ask(app, method, path, **headers):
    async def request():
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(request())


def code_of(response):
    return response.status_code, response.json()["detail"]["code"]


def test_a_view_gets_the_claims(app):
    with configured(TOKENS):
        assert ask(app, "GET", "/me", **TOKENS.headers("7")).json() == {"subject": "7"}


def test_without_a_good_token_it_is_401(app):
    with configured(TOKENS):
        assert code_of(ask(app, "GET", "/me")) == (401, "missing_token")
        response = ask(app, "GET", "/me", **TOKENS.headers(lifetime=-60))
    assert code_of(response) == (401, "token_expired")
    assert response.headers["X-Auth-Refresh"] == "token_expired"


def test_a_role_in_the_context_of_the_path_is_wanted(app):
    with configured(TOKENS):
        for roles, status in (
            ({"course": {"teacher": ["42"]}}, 200),
            ({"course": {"teacher": ["4"]}}, 403),
        ):
            assert ask(app, "GET", GRADES, **TOKENS.headers(roles=roles)).status_code == status


def test_a_permission_is_held_through_the_lineage(app):
    headers = TOKENS.headers(roles={"school": {"head": ["7"]}})
    with configured(TOKENS, policy=POLICY):
        assert ask(app, "PUT", GRADES + "?school=7", **headers).status_code == 200
        assert code_of(ask(app, "PUT", GRADES + "?school=8", **headers)) == (403, "no_role")


def test_a_denial_of_a_token_that_is_behind_sends_the_client_to_refresh(app):
    headers = TOKENS.headers(generation=1)
    with configured(TOKENS, generations=Behind()):
        told = ask(app, "GET", GRADES, **headers, **{"X-Auth-Client": "test/1"})
        untold = ask(app, "GET", GRADES, **headers)

    assert code_of(told) == (401, "behind")
    assert told.headers["X-Auth-Refresh"] == "behind"
    assert code_of(untold) == (403, "no_role")


def test_a_context_that_was_cut_is_asked_for_by_name(app):
    headers = TOKENS.headers(truncated=frozenset({"course"}))
    with configured(TOKENS):
        response = ask(app, "GET", GRADES, **headers, **{"X-Auth-Client": "test/1"})

    assert code_of(response) == (401, "context_not_in_token")
    assert response.headers["X-Auth-Refresh"] == "context_not_in_token"
    assert response.headers["WWW-Authenticate"].endswith('context="course:42"')


def test_with_a_read_only_token_nothing_is_changed(app):
    headers = TOKENS.headers(viewed=ViewedRole("student", Context("course", "1")))
    with configured(TOKENS):
        assert ask(app, "GET", "/me", **headers).status_code == 200
        assert code_of(ask(app, "POST", "/me", **headers)) == (403, "view_as_read_only")


def test_the_middleware_may_have_a_gate_of_its_own():
    app = AuthMiddleware(service(), TOKENS.gate(policy=POLICY))
    headers = TOKENS.headers(roles={"course": {"teacher": ["42"]}})

    assert ask(app, "GET", GRADES, **headers).status_code == 200


def test_openapi_says_that_a_bearer_token_is_wanted():
    schemes = service().openapi()["components"]["securitySchemes"]

    assert schemes == {"HTTPBearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}


def test_a_path_without_the_id_is_an_error_of_the_service_and_no_open_door():
    app = FastAPI()

    @app.get("/grades", dependencies=[Depends(require_role("course", "teacher"))])
    async def grades():
        return {}

    with configured(TOKENS), pytest.raises(NotConfigured, match="param="):
        ask(app, "GET", "/grades", **TOKENS.headers())
