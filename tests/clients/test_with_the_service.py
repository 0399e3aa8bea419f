"""What a service says is what a client hears: auth_lib writes, the Python client reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth_lib import Context, InvalidContext, responses, token_errors
from auth_lib.decisions import Decision, Reason
from authmigration_client.challenges import Challenge, read_challenge
from tests.auth_lib.test_responses import BEHIND, CLAIMS, FRESH, NO_ROLE, NOW


def is_context(text):
    try:
        return bool(Context.parse(f"course:{text}"))
    except InvalidContext:
        return False


@given(st.text(min_size=1, max_size=128).filter(is_context))
def test_every_context_arrives_as_it_was_sent(id_):
    cut = Decision(
        allowed=False,
        reason=Reason.CONTEXT_NOT_IN_TOKEN,
        because=("teacher", Context("course", id_)),
    )

    refusal = responses.of_denial(cut, CLAIMS, FRESH, now=NOW, client="test/1")

    header = refusal.headers["WWW-Authenticate"]
    assert header.isascii()
    assert read_challenge(header) == Challenge(f"course:{id_}")


def test_a_token_that_is_behind_is_refreshed_without_a_context():
    refusal = responses.of_denial(NO_ROLE, CLAIMS, BEHIND, now=NOW, client="test/1")

    assert read_challenge(refusal.headers["WWW-Authenticate"]) == Challenge()


def test_a_denial_is_no_challenge():
    refusal = responses.of_denial(NO_ROLE, CLAIMS, FRESH, now=NOW, client="test/1")

    assert refusal.status == 403
    assert "WWW-Authenticate" not in refusal.headers


@pytest.mark.parametrize("kind", [token_errors.TokenExpired, token_errors.TokenStale])
def test_a_token_that_ended_is_refreshed(kind):
    refusal = responses.of_error(kind("A sentence."))

    assert read_challenge(refusal.headers["WWW-Authenticate"]) == Challenge()


def test_a_missing_token_is_not_mended_by_a_refresh():
    refusal = responses.of_error(token_errors.TokenMissing("A sentence."))

    assert read_challenge(refusal.headers["WWW-Authenticate"]) is None
