"""The OpenAPI document: valid, whole, and what the endpoints really answer."""

import base64
import uuid

import pytest
from django.test import Client
from django.utils import timezone
from openapi_spec_validator import validate

from authmigration import Stage, trail
from authmigration.http.tokens import openapi, urls
from authmigration.models import RefreshFamily
from authmigration.rollout.overrides import forced
from authmigration.tokens import families, machines
from authmigration.tokens.refusals import TokenRefused
from feature_flags.testing import override_flags
from tests.authmigration import worlds
from tests.authmigration.http.tokens.conftest import exchange, post
from tests.authmigration.http.tokens.test_devices import csrf, phone_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("tokens_on")]


def documented(path, response):
    """See that an answer is in the document: its status, its code, its members, its header."""
    (operation,) = openapi.document()["paths"][f"/auth/{path}"].values()
    found = operation["responses"][str(response.status_code)]
    assert ("Retry-After" in response) == ("headers" in found)
    if not response.content:
        assert "content" not in found
        return
    body, schema = response.json(), found["content"]["application/json"]["schema"]
    if response.status_code != 200:
        common, here = schema["allOf"]
        assert body["error"] in here["properties"]["error"]["enum"]
        schema = common
    schema = openapi.components()["schemas"][schema["$ref"].rpartition("/")[2]]
    assert {*schema.get("required", ())} <= {*body}
    assert {*body} <= {*schema.get("properties", body)}


def test_the_document_is_valid():
    validate(openapi.document())


def test_every_address_is_in_the_document_and_no_other():
    assert {each.name for each in urls.urlpatterns} == {*openapi._ENDPOINTS}
    assert len(openapi.document()["paths"]) == len(urls.urlpatterns)


def test_every_refusal_is_in_the_document_with_its_status():
    told = {
        (int(status), code)
        for operations in openapi.paths().values()
        for operation in operations.values()
        for status, answer in operation["responses"].items()
        for part in answer.get("content", {})
        .get("application/json", {})
        .get("schema", {})
        .get("allOf", [{}, {}])[1:]
        for code in part.get("properties", {}).get("error", {}).get("enum", ())
    }

    assert told - {(503, "unavailable")} == {
        (each.status, each.code) for each in TokenRefused.__subclasses__()
    }


def test_a_host_with_drf_spectacular_has_the_endpoints_in_its_schema(settings):
    from drf_spectacular.generators import SchemaGenerator
    from drf_spectacular.settings import patched_settings
    from drf_spectacular.validation import validate_schema

    hook = "authmigration.http.tokens.openapi.add_tokens"
    for version in ("3.0.3", "3.1.0"):
        with patched_settings({"POSTPROCESSING_HOOKS": [hook], "OAS_VERSION": version}):
            schema = SchemaGenerator(patterns=[]).get_schema(request=None, public=True)

        assert schema["openapi"] == version
        assert {*schema["paths"]} == {*openapi.paths()}
        validate_schema(schema)
        validate(schema)


def test_session_answers_as_documented(browser):
    documented("session/", exchange(browser))
    documented("session/", exchange(browser, {"context": "no list"}))
    documented("session/", exchange(Client(enforce_csrf_checks=True)))
    with override_flags({"authz_tokens": False}):
        documented("session/", exchange(browser))


def test_refresh_answers_as_documented(browser, anna):
    text = families.begin(str(anna.pk), anna, client="app/1", device="a phone").text
    exchange(browser)
    documented("refresh/", post(browser, "refresh/"))
    answers = [post(Client(), "refresh/", {"refresh_token": each}) for each in (text, "none", 5)]
    with override_flags({"authz_tokens": False}):
        answers.append(post(Client(), "refresh/", {"refresh_token": text}))
    RefreshFamily.objects.update(expires_at=timezone.now())
    answers.append(post(Client(), "refresh/", {"refresh_token": text}))

    assert [each.status_code for each in answers] == [200, 401, 400, 409, 401]
    for each in answers:
        documented("refresh/", each)


def test_revoke_answers_as_documented():
    documented("revoke/", post(Client(), "revoke/"))
    documented("revoke/", post(Client(), "revoke/", {"refresh_token": 5}))


def test_the_endpoint_for_programs_answers_as_documented(anna):
    secret = machines.add("nightly", "gradebook", trail.authorship(anna, "a test"))
    basic = base64.b64encode(f"nightly:{secret}".encode()).decode()
    body = {"grant_type": "client_credentials"}
    answers = [
        post(Client(), "token/", body, Authorization=f"Basic {basic}"),
        post(Client(), "token/", {}, Authorization=f"Basic {basic}"),
        post(Client(), "token/", body),
    ]

    assert [each.status_code for each in answers] == [200, 400, 401]
    for each in answers:
        documented("token/", each)


def test_devices_answer_as_documented(browser, anna):
    phone = phone_of(anna)
    documented("devices/", browser.get("/auth/devices/"))
    documented("devices/", Client().get("/auth/devices/"))
    for device in (phone.pk, uuid.uuid4()):
        answer = post(browser, f"devices/{device}/revoke/", **csrf(browser))
        documented("devices/{device}/revoke/", answer)


def test_view_as_answers_as_documented(browser, algebra):
    teacher = worlds.user(is_teacher=True)
    algebra.owner = teacher
    algebra.save()
    desk = Client(enforce_csrf_checks=True)
    desk.force_login(teacher, backend="django.contrib.auth.backends.ModelBackend")
    body = {"role": "student", "context": f"course:{algebra.pk}"}
    with forced(Stage.ENFORCE):
        answers = [
            post(desk, "view-as/", {}, **csrf(desk)),
            post(browser, "view-as/", {**body, "role": "owner"}, **csrf(browser)),
            post(desk, "view-as/", body, **csrf(desk)),
        ]
        assert [each.status_code for each in answers][::2] == [400, 204]
        for each in answers:
            documented("view-as/", each)
        documented("view-as/end/", post(desk, "view-as/end/", **csrf(desk)))


@pytest.mark.parametrize("path", ["jwks.json", "policy.json"])
def test_what_is_published_is_answered_as_documented(path):
    documented(path, Client().get(f"/auth/{path}"))
