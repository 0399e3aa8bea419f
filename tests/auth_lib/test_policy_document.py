"""The policy as a document, there and back, and what is refused."""

import copy
import json

import pytest
from hypothesis import given

from auth_lib import Policy, PolicyError, Role, policy_document
from auth_lib.policy import ContextKind
from tests.auth_lib import strategies

TA = Role("ta", on="course", can={"grade.view"}, view_as={"ta"})
TEACHER = Role("teacher", on="course", can={"grade.edit"}, implies=[TA])
KINDS = (ContextKind("school"), ContextKind("course", "school", frozenset({"course.view"})))
POLICY = Policy((TEACHER, TA), KINDS, frozenset({"help.view"}), frozenset({"home.view"}))
DOCUMENT = policy_document.dump(POLICY)
TWICE = json.dumps(DOCUMENT)[:-1] + ',"format":1}'


@given(strategies.policies())
def test_every_policy_goes_there_and_back(policy):
    found = policy_document.loads(policy_document.dumps(policy))

    assert found == Policy(
        tuple(sorted(policy.roles, key=lambda role: role.key)),
        tuple(sorted(policy.kinds, key=lambda kind: kind.name)),
        policy.anonymous,
        policy.authenticated,
    )
    assert policy_document.dump(found) == policy_document.dump(policy)


def test_the_order_of_declaration_does_not_change_the_version():
    other = Policy((TA, TEACHER), KINDS[::-1], frozenset({"help.view"}), frozenset({"home.view"}))

    assert policy_document.dump(other)["version"] == DOCUMENT["version"]


def test_another_permission_changes_the_version():
    more = Role("ta", on="course", can={"grade.view", "grade.edit"})

    assert policy_document.dump(Policy((more,), KINDS))["version"] != DOCUMENT["version"]


def test_a_document_that_was_edited_by_hand_is_refused():
    edited = copy.deepcopy(DOCUMENT)
    edited["roles"][0]["can"].append("grade.edit")

    with pytest.raises(PolicyError, match="export the policy again"):
        policy_document.load(edited)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("format",), 2, "reads format 1"),
        (("format",), True, "reads format 1"),
        (("more",), 1, "more, which means nothing"),
        (("roles",), {}, "roles is not a list"),
        (("roles", 0), "ta", r"roles\[0\] is not an object"),
        (("roles", 0, "can"), "grade.view", r"roles\[0\]\.can is not a list"),
        (("roles", 0, "can"), [1], "not a list of texts"),
        (("roles", 0, "name"), 1, r"roles\[0\]\.name is not a str"),
        (("roles", 0, "implies"), ["teacher"], "course/teacher"),
        (("roles", 0, "implies"), ["course/gone"], "undeclared role course/gone"),
        (("roles", 0, "on"), "lesson", "undeclared context type 'lesson'"),
        (("context_types", "course", "parent"), 1, "parent is not a str"),
        (("context_types", "course", "parent"), "campus", "undeclared parent 'campus'"),
        (("context_types", "course", "conditional"), "no", "conditional is not a bool"),
        (("anonymous",), ["View"], "noun.verb"),
    ],
)
def test_what_is_wrong_with_a_document_is_named(path, value, said):
    document = copy.deepcopy(DOCUMENT)
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value

    with pytest.raises(PolicyError, match=said):
        policy_document.load(document)


@pytest.mark.parametrize("name", sorted(DOCUMENT))
def test_what_a_document_lacks_is_named(name):
    with pytest.raises(PolicyError, match=f"lacks {name}"):
        policy_document.load({k: v for k, v in DOCUMENT.items() if k != name})


@pytest.mark.parametrize("text", ["", "{", "[]", "null", TWICE])
def test_what_is_no_document_is_refused(text):
    with pytest.raises(PolicyError):
        policy_document.loads(text)
