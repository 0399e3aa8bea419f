"""What holds for every policy, whoever holds what."""

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from auth_lib import HeldRoles, Reason, decide, decide_role
from tests.auth_lib.strategies import NAMES, contexts, held_roles, lineages, policies

thorough = settings(deadline=None, derandomize=True, max_examples=50)


def answers(policy, held, lineage):
    return {p: decide(policy, held, p, lineage).allowed for p in policy.permissions}


@thorough
@given(policies(), held_roles(), lineages(), contexts, st.sampled_from(NAMES))
def test_one_more_grant_never_takes_anything_away(policy, held, lineage, where, role):
    more = {**held.grants, where: held.grants.get(where, frozenset()) | {role}}

    before, after = (
        answers(policy, held, lineage),
        answers(policy, replace(held, grants=more), lineage),
    )

    assert all(after[p] for p, allowed in before.items() if allowed)


@thorough
@given(policies(), held_roles(), lineages(), contexts)
def test_one_more_refusal_never_gives_anything(policy, held, lineage, where):
    barred = replace(held, refusals=held.refusals | {where})

    before, after = answers(policy, held, lineage), answers(policy, barred, lineage)

    assert all(before[p] for p, allowed in after.items() if allowed)


@thorough
@given(policies(), held_roles(), lineages(), st.data())
def test_a_refusal_on_the_lineage_beats_everything(policy, held, lineage, data):
    where = data.draw(st.sampled_from(lineage))
    barred = replace(held, refusals=frozenset({where}), active=True)

    found = [decide(policy, barred, p, lineage) for p in policy.permissions]
    found += [decide_role(policy, barred, r.name, lineage) for r in roles_on(policy, lineage)]

    assert all((d.allowed, d.reason) == (False, Reason.REFUSED) for d in found)


def roles_on(policy, lineage):
    return [role for role in policy.roles if role.on == lineage[0].type]


@thorough
@given(policies(), held_roles(), lineages())
def test_whoever_has_a_role_by_name_may_do_what_the_role_can(policy, held, lineage):
    for role in roles_on(policy, lineage):
        if decide_role(policy, held, role.name, lineage):
            assert all(decide(policy, held, permission, lineage) for permission in role.can)


@thorough
@given(policies(), held_roles(), lineages())
def test_a_permission_by_a_role_names_a_role_that_is_held_and_gives_it(policy, held, lineage):
    for permission in policy.permissions:
        found = decide(policy, held, permission, lineage)
        if found.reason == Reason.ROLE:
            name, where = found.because
            role = next(r for r in policy.roles if (r.on, r.name) == (where.type, name))
            reached = [policy.by_key[key] for key in policy.closure(role)]
            assert where in lineage
            assert name in held.grants[where]
            assert any(permission in each.can for each in reached)


@thorough
@given(policies(), held_roles(), lineages())
def test_what_is_held_off_the_lineage_changes_nothing(policy, held, lineage):
    here = HeldRoles(
        held.subject,
        {c: roles for c, roles in held.grants.items() if c in lineage},
        held.refusals.intersection(lineage),
        held.active,
    )

    assert [decide(policy, held, p, lineage) for p in sorted(policy.permissions)] == [
        decide(policy, here, p, lineage) for p in sorted(policy.permissions)
    ]


@thorough
@given(policies(), held_roles(), lineages())
def test_somebody_who_holds_nothing_may_do_what_needs_no_role_and_no_more(policy, held, lineage):
    assume(held.active)
    nothing = HeldRoles(held.subject)
    needs_no_role = {Reason.PUBLIC, Reason.ANONYMOUS, Reason.AUTHENTICATED, Reason.NO_ROLE}

    for permission in policy.permissions:
        found = decide(policy, nothing, permission, lineage)
        public = policy.public_on.get(permission, {})
        unconditional = any(public.get(c.type) is False for c in lineage)
        named = permission in policy.authenticated and held.subject is not None
        assert found.reason in needs_no_role
        assert found.allowed is (unconditional or permission in policy.anonymous or named)


@thorough
@given(policies(), held_roles(), lineages())
def test_one_level_more_above_an_object_never_makes_it_less_allowed(policy, held, lineage):
    unbarred = replace(held, refusals=frozenset())
    assume(len(lineage) > 1)
    without = tuple(c for c in lineage if c.type != "school")

    before, after = answers(policy, unbarred, without), answers(policy, unbarred, lineage)

    assert all(after[p] for p, allowed in before.items() if allowed)
