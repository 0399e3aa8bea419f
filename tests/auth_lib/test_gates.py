"""What a service asks, and what is raised at its programmer."""

import asyncio

import pytest

from auth_lib import (
    Context,
    Freshness,
    InvalidContext,
    NotConfigured,
    Policy,
    Reason,
    Role,
    TokenError,
    TokenVerifier,
    UnknownContextType,
    UnknownPermission,
    UnknownRole,
)
from auth_lib.policy import ContextKind
from auth_lib.testing import Issuer

TA = Role("ta", on="course", can={"grade.view"})
TEACHER = Role("teacher", on="course", can={"grade.edit"}, implies=[TA])
HEAD = Role("head", on="school", implies=[TEACHER])
POLICY = Policy(
    (TA, TEACHER, HEAD), (ContextKind("school"), ContextKind("course", parent="school"))
)
ISSUER = Issuer()
ROLES = {"course": {"teacher": ["1", "2"], "ta": ["3"]}}


class Known:
    """A source that knows one thing of everybody."""

    def __init__(self, **known):
        self.known = Freshness(**known)

    def look(self, subject):
        return self.known

    def would_wait(self, subject):
        return False


@pytest.mark.parametrize("token", [None, "", "x", b"x", 7, object(), ["a"]])
def test_what_is_no_token_is_a_denial_and_no_error(token):
    gate = ISSUER.gate()

    assert gate.is_authenticated(token) is False
    assert gate.is_authorized(token, "course", "1", "teacher").reason is Reason.UNAUTHENTICATED
    assert gate.check(token, "grade.edit", "course", "1").reason is Reason.UNAUTHENTICATED


def test_a_decision_says_by_what_role_and_under_which_generation():
    claims = ISSUER.claims(roles=ROLES, generation=4)

    found = ISSUER.gate().is_authorized(claims, "course", "1", "teacher")

    assert found.because == ("teacher", Context("course", "1"))
    assert found.generation == 4
    assert found.world is None


@pytest.mark.parametrize("bad", [None, True, 1.5, "", " 1", b"1"])
def test_what_is_no_id_is_an_error_of_the_call_and_never_any(bad):
    claims = ISSUER.claims(roles=ROLES)

    with pytest.raises(InvalidContext):
        ISSUER.gate().is_authorized(claims, "course", bad, "teacher")


def test_names_that_the_policy_does_not_have_are_errors_of_the_call():
    gate, claims = ISSUER.gate(policy=POLICY), ISSUER.claims(roles=ROLES)

    with pytest.raises(UnknownRole, match="teacher"):
        gate.is_authorized(claims, "course", "1", "techer")
    with pytest.raises(UnknownContextType):
        gate.is_authorized(claims, "coarse", "1", "teacher")
    with pytest.raises(UnknownPermission):
        gate.check(claims, "grade.edti", "course", "1")


def test_without_a_policy_a_role_that_no_token_names_is_denied():
    assert not ISSUER.gate().is_authorized(ISSUER.claims(roles=ROLES), "course", "1", "techer")


def test_a_lineage_may_be_given_as_text_or_as_contexts():
    gate, claims = ISSUER.gate(policy=POLICY), ISSUER.claims(roles={"school": {"head": ["7"]}})

    for lineage in (["school:7"], (Context("school", "7"),)):
        assert gate.is_authorized(claims, "course", "9", "teacher", lineage=lineage)
    with pytest.raises(InvalidContext):
        gate.is_authorized(claims, "course", "9", "teacher", lineage=["7"])


def test_the_ids_of_a_permission_are_those_where_a_role_gives_it_and_nothing_is_refused():
    gate = ISSUER.gate(policy=POLICY)
    claims = ISSUER.claims(roles=ROLES, deny=["course:2", "school:3"])

    assert gate.ids(claims, "course", permission="grade.view") == {"1", "3"}
    assert gate.ids(claims, "course", permission="grade.edit") == {"1"}
    assert gate.ids(claims, "school", permission="grade.edit") == set()


def test_ids_are_refused_without_a_policy_rather_than_empty():
    with pytest.raises(NotConfigured, match="AUTH_LIB_POLICY"):
        ISSUER.gate().ids(ISSUER.claims(), "course", permission="grade.view")


def test_a_token_from_before_a_renewal_is_stale():
    claims = ISSUER.claims()
    token = ISSUER.token()

    with pytest.raises(TokenError) as refused:
        ISSUER.gate(generations=Known(renewed_from=claims.issued_at + 1)).verify(token)
    assert refused.value.code == "stale"
    assert ISSUER.gate(generations=Known(renewed_from=claims.issued_at - 60)).verify(token)


def test_until_the_second_of_a_renewal_has_come_no_token_is_stale():
    token = ISSUER.token()
    ahead = Known(renewed_from=int(ISSUER.clock()) + 60)

    assert ISSUER.gate(generations=ahead).verify(token)
    assert asyncio.run(ISSUER.gate(generations=ahead).averify(token))


@pytest.mark.parametrize(
    ("held", "known", "behind"),
    [(3, 4, True), (4, 4, False), (5, 4, False), (0, 4, None), (3, None, None)],
)
def test_whether_a_token_is_behind_has_three_answers(held, known, behind):
    claims = ISSUER.claims(generation=held)

    assert Freshness(generation=known).is_behind(claims) is behind


@pytest.mark.parametrize(("ahead", "stale"), [(-1, False), (0, False), (1, True)])
def test_a_token_of_the_second_of_a_renewal_is_good(ahead, stale):
    claims = ISSUER.claims()

    assert Freshness(renewed_from=claims.issued_at + ahead).is_stale(claims) is stale


def test_nothing_is_known_without_a_source():
    assert ISSUER.gate().freshness(ISSUER.claims(generation=1)) == Freshness(None, 0)


@pytest.mark.parametrize("name", ["issuer", "audience"])
@pytest.mark.parametrize("value", ["", None, ["a", "b"]])
def test_a_verifier_is_for_one_issuer_and_one_audience(name, value):
    with pytest.raises(NotConfigured, match=name):
        TokenVerifier(**{"issuer": "i", "audience": "a", "keys": ISSUER.key, name: value})
