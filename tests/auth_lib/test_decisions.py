"""What the decision says to hand-made cases, and why."""

import pytest

from auth_lib import (
    ANONYMOUS,
    PLATFORM,
    Context,
    ContextKind,
    Decision,
    HeldRoles,
    Policy,
    Reason,
    Role,
    Stamp,
    UnknownPermission,
    UnknownRole,
    decide,
    decide_role,
)

COURSE, SCHOOL = Context("course", "42"), Context("school", "7")
LINEAGE = (COURSE, SCHOOL, PLATFORM)
STUDENT = Role("student", on="course", can={"course.view"})
TEACHER = Role("teacher", on="course", can={"course.view", "course.edit"})
PRINCIPAL = Role("principal", on="school", can={"school.view"}, implies=[TEACHER])
BOSS = Role("superuser", can={"course.edit"})
POLICY = Policy(
    (STUDENT, TEACHER, PRINCIPAL, BOSS),
    (ContextKind("school"), ContextKind("course", "school", frozenset({"course.preview"}))),
    anonymous={"help.view"},
    authenticated={"home.view"},
)


def holding(*refusals: Context, active: bool = True, **grants: str) -> HeldRoles:
    contexts = {"course": COURSE, "school": SCHOOL, "platform": PLATFORM}
    held = {contexts[name]: frozenset({role}) for name, role in grants.items()}
    return HeldRoles("1", held, frozenset(refusals), active)


def test_a_role_in_the_context_decides():
    found = decide(POLICY, holding(course="teacher"), "course.edit", LINEAGE)

    assert found == Decision(True, Reason.ROLE, ("teacher", COURSE))


@pytest.mark.parametrize(
    ("grants", "role", "context"),
    [
        ({"school": "principal"}, "principal", SCHOOL),
        ({"platform": "superuser"}, "superuser", PLATFORM),
        ({"course": "teacher", "school": "principal"}, "teacher", COURSE),
    ],
)
def test_a_role_from_above_decides_and_the_nearest_is_named(grants, role, context):
    found = decide(POLICY, holding(**grants), "course.edit", LINEAGE)

    assert found.because == (role, context)


def test_a_role_elsewhere_decides_nothing():
    other = (Context("course", "43"), SCHOOL, PLATFORM)

    assert decide(POLICY, holding(course="teacher"), "course.edit", other).reason == Reason.NO_ROLE


def test_a_role_that_does_not_give_the_permission_decides_nothing():
    assert not decide(POLICY, holding(course="student"), "course.edit", LINEAGE)


def test_of_several_roles_in_one_context_the_first_by_name_is_named():
    held = HeldRoles("1", {COURSE: frozenset({"teacher", "student"})})

    assert decide(POLICY, held, "course.view", LINEAGE).because == ("student", COURSE)


def test_a_role_in_the_data_that_nobody_declares_is_passed_over():
    held = HeldRoles("1", {COURSE: frozenset({"from_a_newer_release"})})

    assert decide(POLICY, held, "course.view", LINEAGE).reason == Reason.NO_ROLE


@pytest.mark.parametrize("where", [COURSE, SCHOOL, PLATFORM])
def test_a_refusal_anywhere_on_the_lineage_beats_a_superuser(where):
    held = holding(where, platform="superuser", course="teacher")

    found = decide(POLICY, held, "course.edit", LINEAGE)

    assert found == Decision(False, Reason.REFUSED, ("refusal", where))


def test_a_refusal_below_does_not_bar_from_above():
    held = holding(COURSE, school="principal")

    assert decide(POLICY, held, "school.view", (SCHOOL, PLATFORM))


def test_a_refusal_beats_what_is_public():
    assert not decide(POLICY, holding(COURSE), "course.preview", LINEAGE)


def test_somebody_inactive_is_denied_everything():
    held = holding(active=False, platform="superuser")

    assert decide(POLICY, held, "course.edit", LINEAGE).reason == Reason.INACTIVE
    assert decide(POLICY, held, "help.view", (PLATFORM,)).reason == Reason.INACTIVE
    assert decide_role(POLICY, held, "superuser", (PLATFORM,)).reason == Reason.INACTIVE


def test_what_is_public_on_a_type_needs_no_role_and_no_name():
    found = decide(POLICY, ANONYMOUS, "course.preview", LINEAGE)

    assert found == Decision(True, Reason.PUBLIC, ("public", COURSE))


def test_what_is_public_on_a_type_is_public_below_it():
    policy = Policy(
        (), (ContextKind("school", None, frozenset({"x.view"})), ContextKind("course", "school"))
    )

    assert decide(policy, ANONYMOUS, "x.view", LINEAGE).because == ("public", SCHOOL)


def test_what_is_public_on_a_condition_is_so_only_where_the_caller_says():
    kind = ContextKind("course", None, frozenset({"course.view"}), conditional=True)
    policy = Policy((), (kind,))

    assert decide(policy, ANONYMOUS, "course.view", (COURSE, PLATFORM), open_here={COURSE})
    assert not decide(policy, ANONYMOUS, "course.view", (COURSE, PLATFORM))


def test_what_anybody_may_do_needs_no_name():
    assert decide(POLICY, ANONYMOUS, "help.view", (PLATFORM,)).reason == Reason.ANONYMOUS


def test_what_any_known_subject_may_do_needs_a_name():
    assert decide(POLICY, holding(), "home.view", (PLATFORM,)).reason == Reason.AUTHENTICATED
    assert decide(POLICY, ANONYMOUS, "home.view", (PLATFORM,)).reason == Reason.NO_ROLE


def test_a_misspelt_permission_raises_even_for_somebody_barred():
    with pytest.raises(UnknownPermission):
        decide(POLICY, holding(PLATFORM), "course.edti", LINEAGE)


def test_a_role_asked_by_name_is_held_in_the_context_or_implied_from_above():
    assert decide_role(POLICY, holding(course="teacher"), "teacher", LINEAGE)
    assert decide_role(POLICY, holding(school="principal"), "teacher", LINEAGE)


def test_a_role_asked_by_name_is_not_answered_by_one_that_merely_can_the_same():
    assert not decide_role(POLICY, holding(platform="superuser"), "teacher", LINEAGE)


def test_a_role_implied_here_is_not_implied_at_another_school():
    other = (Context("course", "9"), Context("school", "8"), PLATFORM)

    assert not decide_role(POLICY, holding(school="principal"), "teacher", other)


def test_a_refusal_beats_a_role_asked_by_name():
    found = decide_role(POLICY, holding(SCHOOL, course="teacher"), "teacher", LINEAGE)

    assert found.reason == Reason.REFUSED


def test_a_misspelt_role_raises_even_for_somebody_barred():
    with pytest.raises(UnknownRole):
        decide_role(POLICY, holding(PLATFORM), "techer", LINEAGE)


@pytest.mark.parametrize("held", [holding(course="teacher"), holding(), holding(SCHOOL)])
def test_a_decision_carries_world_stage_and_generation(held):
    stamp = Stamp("central", "enforce", 3)

    found = decide(POLICY, held, "course.edit", LINEAGE, stamp=stamp)
    by_name = decide_role(POLICY, held, "teacher", LINEAGE, stamp=stamp)

    assert found[3:] == by_name[3:] == ("central", "enforce", 3)


def test_a_decision_is_its_answer():
    assert bool(Decision(True, Reason.ROLE)) is True
    assert bool(Decision(False, Reason.NO_ROLE)) is False


def test_a_decision_reads_as_a_sentence():
    allowed = decide(POLICY, holding(course="teacher"), "course.edit", LINEAGE)

    assert str(allowed) == "allowed (role: teacher in course:42)"
    assert str(Decision(False, Reason.NO_ROLE)) == "denied (no_role)"
