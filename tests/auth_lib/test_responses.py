"""When a client is sent to refresh, and when it is told no."""

import pytest

from auth_lib import Context, Decision, Freshness, Reason, responses, token_errors
from auth_lib.testing import Issuer

ISSUER = Issuer()
CLAIMS = ISSUER.claims(generation=3)
NOW = CLAIMS.issued_at + 30
NO_ROLE = Decision(False, Reason.NO_ROLE)
CUT = Decision(False, Reason.CONTEXT_NOT_IN_TOKEN, ("truncated", Context("course", "a b;c")))
BEHIND, FRESH, UNKNOWN = Freshness(4), Freshness(3), Freshness()


def answer(decision, known, *, now=NOW, client="test/1"):
    found = responses.of_denial(decision, CLAIMS, known, now=now, client=client)
    return found.status, found.code


@pytest.mark.parametrize(
    ("decision", "known", "age", "expected"),
    [
        (NO_ROLE, BEHIND, 30, (401, "behind")),
        (NO_ROLE, FRESH, 30, (403, "no_role")),
        (NO_ROLE, FRESH, 3000, (403, "no_role")),
        (NO_ROLE, UNKNOWN, 60, (403, "no_role")),
        (NO_ROLE, UNKNOWN, 61, (401, "maybe_behind")),
        (CUT, FRESH, 30, (401, "context_not_in_token")),
        (Decision(False, Reason.REFUSED), BEHIND, 30, (401, "behind")),
        (Decision(False, Reason.VIEW_AS), BEHIND, 30, (403, "view_as")),
        (Decision(False, Reason.UNKNOWN_HERE), UNKNOWN, 3000, (403, "unknown_here")),
        (Decision(False, Reason.EXPIRED), FRESH, 30, (401, "token_expired")),
    ],
)
def test_a_denial_is_401_only_where_a_new_token_may_bring_another_answer(
    decision, known, age, expected
):
    assert answer(decision, known, now=CLAIMS.issued_at + age) == expected


@pytest.mark.parametrize("client", ["", "other", "a/", "/1", "a/1/2", "a b/1", "a/1\n", "é/1"])
def test_a_client_that_does_not_declare_itself_never_gets_the_401(client):
    assert answer(NO_ROLE, BEHIND, client=client) == (403, "no_role")
    assert answer(CUT, FRESH, client=client) == (403, "context_not_in_token")


@pytest.mark.parametrize("client", ["a/1", "course-page/1.4", "x_y~z/0.1.0-rc|2"])
def test_a_client_declares_itself_by_name_and_version(client):
    assert answer(NO_ROLE, BEHIND, client=client)[0] == 401


def test_the_context_that_the_next_token_must_name_is_said_and_breaks_no_header():
    found = responses.of_denial(CUT, CLAIMS, FRESH, now=NOW, client="test/1")

    assert found.body["detail"]["context"] == "course:a b;c"
    assert found.headers["X-Auth-Refresh"] == "context_not_in_token"
    challenge = found.headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer error="insufficient_claims"')
    assert challenge.endswith(', context="course:a%20b%3Bc"')


@pytest.mark.parametrize("kind", token_errors.TokenError.__subclasses__())
def test_every_error_of_a_token_has_its_answer(kind):
    found = responses.of_error(kind("A sentence."))

    assert found.status == (503 if kind is token_errors.KeysUnavailable else 401)
    assert found.body == {"detail": {"code": kind.code, "message": "A sentence."}}
    helped = {"token_expired", "stale", "unknown_key"}
    assert ("X-Auth-Refresh" in found.headers) == (kind.code in helped)


@pytest.mark.parametrize("value", [b"bearer a.b.c", b"Bearer a.b.c", b"BEARER a.b.c"])
def test_the_scheme_is_read_in_any_case(value):
    assert responses.token_of([value]) == b"a.b.c"
