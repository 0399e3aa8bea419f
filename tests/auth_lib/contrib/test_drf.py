"""A service in Django REST framework."""

import pytest
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from auth_lib import Context, Freshness, NotConfigured, Policy, Role, ViewedRole
from auth_lib.contrib.drf import TokenAuthentication, TokenUser, has_permission, has_role
from auth_lib.policy import ContextKind
from auth_lib.testing import Issuer, configured

TEACHER = Role("teacher", on="course", can={"grade.edit"})
POLICY = Policy((TEACHER,), (ContextKind("course"),))
TOKENS = Issuer()
ROLES = {"course": {"teacher": ["42"]}}


class Behind:
    def look(self, subject):
        return Freshness(9)

    def would_wait(self, subject):
        return False


class Open(APIView):
    authentication_classes = [TokenAuthentication]
    permission_classes = []

    def get(self, request, **kwargs):
        return Response({"subject": request.auth and request.user.id})

    post = get


class OfRole(Open):
    permission_classes = [has_role("course", "teacher")]


class OfPermission(Open):
    permission_classes = [has_permission("grade.edit", "course", kwarg="pk")]


def ask(view, method="get", headers=None, **kwargs):
    request = getattr(APIRequestFactory(), method)("/", headers=headers or {})
    return view.as_view()(request, **kwargs)


def code_of(response):
    return response.status_code, response.data["detail"]["code"]


@pytest.fixture(autouse=True)
def gate():
    with configured(TOKENS, policy=POLICY):
        yield


def test_a_request_has_the_subject_and_the_claims():
    assert ask(Open, headers=TOKENS.headers("7")).data == {"subject": "7"}
    assert ask(Open).data == {"subject": None}


def test_the_user_has_what_the_framework_wants_and_no_other_attribute():
    user = TokenUser(TOKENS.claims("7"))

    assert (user.pk, str(user), user.is_authenticated, user.is_anonymous) == ("7", "7", True, False)
    assert not hasattr(user, "is_staff")
    assert not hasattr(user, "is_superuser")


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        (TOKENS.headers(lifetime=-60), "token_expired"),
        (Issuer().headers(), "bad_signature"),
        ({"Authorization": "Bearer x"}, "malformed_token"),
        ({"Authorization": f"{TOKENS.headers()['Authorization']},x"}, "malformed_token"),
    ],
)
def test_a_bad_token_is_401_with_its_code(headers, code):
    response = ask(Open, headers=headers)

    assert code_of(response) == (401, code)
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_expired_token_is_told_to_be_refreshed():
    response = ask(Open, headers=TOKENS.headers(lifetime=-60))

    assert response.headers["X-Auth-Refresh"] == "token_expired"


def test_a_role_in_the_context_of_the_url_is_wanted():
    headers = TOKENS.headers(roles=ROLES)

    assert ask(OfRole, headers=headers, course_id="42").status_code == 200
    assert code_of(ask(OfRole, headers=headers, course_id="43")) == (403, "no_role")
    assert ask(OfRole, course_id="42").status_code == 401


def test_a_permission_in_the_context_of_the_url_is_wanted():
    headers = TOKENS.headers(roles=ROLES)

    assert ask(OfPermission, headers=headers, pk=42).status_code == 200
    assert code_of(ask(OfPermission, headers=headers, pk=43)) == (403, "no_role")


def test_a_token_that_is_behind_is_said_to_be():
    headers = TOKENS.headers(generation=1)
    with configured(TOKENS, generations=Behind()):
        fine = ask(Open, headers=headers)
        denied = ask(OfRole, headers={**headers, "X-Auth-Client": "test/1"}, course_id="1")

    assert fine.headers["X-Auth-Refresh"] == "behind"
    assert code_of(denied) == (401, "behind")
    assert denied.headers["X-Auth-Refresh"] == "behind"


def test_with_a_read_only_token_nothing_is_changed():
    headers = TOKENS.headers(viewed=ViewedRole("student", Context("course", "1")))

    assert ask(Open, headers=headers).status_code == 200
    assert code_of(ask(Open, "post", headers=headers)) == (403, "view_as_read_only")


def test_a_url_without_the_id_is_an_error_of_the_service_and_no_open_door():
    with pytest.raises(NotConfigured, match="kwarg="):
        ask(OfRole, headers=TOKENS.headers(roles=ROLES))
