"""A token answers as the facts do that it was made of; cut or narrowed, never more."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from auth_lib import (
    ANONYMOUS,
    Context,
    HeldRoles,
    Reason,
    TokenSigner,
    UnknownPermission,
    UnknownRole,
    ViewedRole,
    decide,
    decide_role,
)
from auth_lib.answers import answer_permission, answer_role
from auth_lib.claims import TokenGrants
from auth_lib.testing import Issuer
from tests.auth_lib import strategies

ISSUER = Issuer()
held_in_token = strategies.held_roles().filter(lambda held: held.active)


def claims_of(held, **others):
    """Put what a subject holds into a token, and take it out again."""
    by_type = {}
    for context, roles in held.grants.items():
        for role in roles:
            by_type.setdefault(context.type, {}).setdefault(role, []).append(context.id)
    claims = ISSUER.claims("7", **others)
    claims = replace(claims, grants=TokenGrants(by_type), refusals=held.refusals)
    return ISSUER.gate().verify(TokenSigner(ISSUER.key).sign(claims))


def asked(policy, data):
    """Draw a question that the policy knows: how it is asked of claims, and of facts."""
    if policy.permissions and data.draw(st.booleans()):
        permission = data.draw(st.sampled_from(sorted(policy.permissions)))
        return (
            lambda claims, lineage: answer_permission(claims, permission, lineage, policy),
            lambda held, lineage: decide(policy, held, permission, lineage),
            None,
        )
    assume(policy.roles)
    role = data.draw(st.sampled_from(policy.roles))
    return (
        lambda claims, lineage: answer_role(claims, role.name, lineage, policy),
        lambda held, lineage: decide_role(policy, held, role.name, lineage),
        role.on,
    )


@given(strategies.policies(), held_in_token, strategies.lineages(), st.data())
def test_a_whole_token_answers_as_its_facts_do(policy, held, lineage, data):
    of_claims, of_facts, on = asked(policy, data)
    assume(on in {None, lineage[0].type})
    known = HeldRoles("7", held.grants, held.refusals)

    assert of_claims(claims_of(held), lineage) == of_facts(known, lineage)


@given(strategies.policies(), held_in_token, strategies.lineages(), st.data())
def test_a_cut_token_answers_the_same_or_does_not_know(policy, held, lineage, data):
    of_claims, of_facts, on = asked(policy, data)
    assume(on in {None, lineage[0].type})
    kept = {c: roles for c, roles in held.grants.items() if data.draw(st.booleans())}
    cut = frozenset(context.type for context in held.grants if context not in kept)
    claims = claims_of(HeldRoles("7", kept, held.refusals), truncated=cut)
    known = HeldRoles("7", held.grants, held.refusals)

    found = of_claims(claims, lineage)

    assert not found.known or found.allowed == of_facts(known, lineage).allowed
    assert found.known or not found.allowed


@given(strategies.policies(), held_in_token, strategies.lineages(), st.data())
def test_whoever_views_as_a_role_is_allowed_what_both_roles_are(policy, held, lineage, data):
    of_claims, of_facts, on = asked(policy, data)
    assume(on in {None, lineage[0].type})
    context = data.draw(strategies.contexts)
    role = data.draw(st.sampled_from(strategies.NAMES))
    claims = claims_of(held, viewed=ViewedRole(role, context))
    known = HeldRoles("7", held.grants, held.refusals)
    viewed = HeldRoles("7", {context: frozenset({role})})

    both = of_facts(known, lineage).allowed and (
        context not in lineage or of_facts(viewed, lineage).allowed
    )

    assert of_claims(claims, lineage).allowed == both


@given(held_in_token, strategies.lineages(), st.sampled_from(strategies.NAMES))
def test_without_a_policy_only_what_is_held_by_name_in_the_place_is_allowed(held, lineage, role):
    found = answer_role(claims_of(held), role, lineage, None)

    barred = any(context in held.refusals for context in lineage)
    assert found.allowed == (not barred and role in held.grants.get(lineage[0], ()))


@given(strategies.policies(), held_in_token, strategies.lineages())
def test_a_name_that_the_policy_does_not_have_is_an_error_whatever_the_token(policy, held, lineage):
    claims = claims_of(held)

    with pytest.raises(UnknownPermission):
        answer_permission(claims, "nothing.known", lineage, policy)
    with pytest.raises(UnknownRole):
        answer_role(claims, "nobody", lineage, policy)


def test_a_subject_without_roles_is_not_somebody_anonymous():
    claims = ISSUER.claims("7")

    assert claims.subject is not ANONYMOUS.subject
    assert answer_role(claims, "ta", (Context("course", "1"),), None).reason is Reason.NO_ROLE
