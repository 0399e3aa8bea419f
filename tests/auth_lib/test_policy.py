"""Every way in which a policy can contradict itself, and what a sound one answers."""

import pytest

from auth_lib import (
    AuthError,
    ContextKind,
    Policy,
    PolicyError,
    Role,
    RoleKey,
    UnknownContextType,
    UnknownPermission,
    UnknownRole,
)

SCHOOL, COURSE = ContextKind("school"), ContextKind("course", "school")
STUDENT = Role("student", on="course", can={"course.view"})
TEACHER = Role("teacher", on="course", can={"course.edit"}, implies=[STUDENT])
PRINCIPAL = Role("principal", on="school", can={"school.view"}, implies=[TEACHER])
SOUND = Policy((STUDENT, TEACHER, PRINCIPAL), (SCHOOL, COURSE))


@pytest.mark.parametrize(
    ("roles", "kinds", "problem"),
    [
        ([], [SCHOOL, SCHOOL], "Context type 'school' is declared twice."),
        ([], [ContextKind("School")], "'School' is no context type: lower-case"),
        ([], [ContextKind("platform")], "'platform' is always there; do not declare it."),
        ([], [COURSE], "Context type 'course' has the undeclared parent 'school'."),
        (
            [],
            [ContextKind("a", "b"), ContextKind("b", "a")],
            "Context type 'a' is its own ancestor, through 'a'.",
        ),
        ([], [ContextKind("a", "a")], "Context type 'a' is its own ancestor, through 'a'."),
        ([Role("x"), Role("x", can={"a.b"})], [], "Role platform/x is declared at tests/auth_lib/"),
        ([Role("Teacher")], [], "Role name 'Teacher' (tests/auth_lib/test_policy.py:"),
        ([STUDENT], [], "is on the undeclared context type 'course'."),
        ([TEACHER], [SCHOOL, COURSE], "implies the undeclared role course/student."),
        (
            [
                Role("dean", on="school"),
                Role("x", on="course", implies=[Role("dean", on="school")]),
            ],
            [SCHOOL, COURSE],
            "implies school/dean, which is not held below it.",
        ),
        (
            [Role("x", on="other", implies=[STUDENT]), STUDENT],
            [SCHOOL, COURSE, ContextKind("other", "school")],
            "implies course/student, which is not held below it.",
        ),
        (
            [Role("x", view_as={"studnet"})],
            [],
            "may view as 'studnet', which no role is called.",
        ),
        ([Role("x", can={"edit"})], [], "Permission 'edit' is not of the form noun.verb"),
        ([Role("x", can={"Grade.edit"})], [], "Permission 'Grade.edit' is not of the form"),
        ([Role("x", can={"a.b.c"})], [], "Permission 'a.b.c' is not of the form noun.verb"),
    ],
)
def test_a_contradiction_is_refused_with_a_sentence_of_its_own(roles, kinds, problem):
    with pytest.raises(PolicyError) as raised:
        Policy(roles, kinds)

    assert any(problem in each for each in raised.value.problems), raised.value.problems


@pytest.mark.parametrize("where", ["anonymous", "authenticated"])
def test_what_needs_no_role_is_written_like_a_permission_too(where):
    with pytest.raises(PolicyError, match=r"Permission 'read' is not of the form"):
        Policy(**{where: {"read"}})


def test_what_is_public_is_written_like_a_permission_too():
    with pytest.raises(PolicyError, match=r"Permission 'read' is not of the form"):
        Policy((), (ContextKind("school", None, frozenset({"read"})),))


def test_all_contradictions_are_listed_at_once():
    with pytest.raises(PolicyError) as raised:
        Policy((Role("A"), Role("b", on="nowhere")), (SCHOOL, SCHOOL))

    assert len(raised.value.problems) == 3


def test_an_error_has_a_stable_code():
    assert PolicyError(["x"]).code == "invalid_policy"
    assert UnknownRole("x", ()).code == "unknown_role"
    assert issubclass(PolicyError, AuthError)


def test_a_role_may_imply_one_on_its_own_type_and_one_below():
    assert SOUND.closure(PRINCIPAL) == {
        RoleKey("school", "principal"),
        RoleKey("course", "teacher"),
        RoleKey("course", "student"),
    }


def test_roles_that_imply_each_other_have_an_end():
    first = Role("first", on="course")
    second = Role("second", on="course", implies=[first])
    circle = Role("first", on="course", implies=[second])

    policy = Policy((circle, second), (SCHOOL, COURSE))

    assert len(policy.closure(circle)) == 2


def test_a_role_on_the_platform_may_imply_any():
    boss = Role("boss", implies=[STUDENT])

    assert Policy((boss, STUDENT), (SCHOOL, COURSE)).granting("course.view")["platform"] == {"boss"}


def test_a_permission_is_given_by_the_roles_that_have_it_or_imply_one_that_has():
    assert SOUND.granting("course.view") == {
        "course": {"student", "teacher"},
        "school": {"principal"},
    }


def test_a_permission_that_only_the_public_has_is_given_by_no_role():
    policy = Policy((), (ContextKind("school", None, frozenset({"school.view"})),))

    assert policy.granting("school.view") == {}


def test_a_role_is_answered_for_by_itself_and_by_those_that_imply_it():
    assert SOUND.satisfying("course", "student") == {
        "course": {"student", "teacher"},
        "school": {"principal"},
    }


def test_a_misspelt_permission_raises_and_names_the_nearest():
    with pytest.raises(UnknownPermission, match=r"'course\.veiw'.*Did you mean 'course\.view'\?"):
        SOUND.granting("course.veiw")


def test_a_permission_unlike_any_raises_and_names_all():
    with pytest.raises(UnknownPermission) as raised:
        SOUND.granting("xyz")

    assert raised.value.known == ("course.edit", "course.view", "school.view")
    assert "Known: course.edit, course.view, school.view." in str(raised.value)


def test_a_misspelt_role_raises_and_names_the_nearest_of_that_type():
    with pytest.raises(UnknownRole, match=r"'techer'.*Did you mean 'teacher'\?"):
        SOUND.satisfying("course", "techer")


def test_a_role_of_another_type_is_unknown_here():
    with pytest.raises(UnknownRole) as raised:
        SOUND.satisfying("school", "teacher")

    assert raised.value.known == ("principal",)


def test_an_unknown_type_raises_before_its_role_is_looked_at():
    with pytest.raises(UnknownContextType, match=r"'cuorse'.*Did you mean 'course'\?"):
        SOUND.satisfying("cuorse", "teacher")


def test_the_ancestors_of_a_type_end_with_the_platform():
    assert SOUND.ancestors("course") == ("school", "platform")
    assert SOUND.ancestors("school") == ("platform",)
    assert SOUND.ancestors("platform") == ()


def test_a_policy_is_a_value():
    twin = Policy([STUDENT, TEACHER, PRINCIPAL], [SCHOOL, COURSE])

    assert twin == SOUND
    assert hash(twin) == hash(SOUND)
