"""What makes everybody stale, and what does not."""

import os
import subprocess
import sys

import pytest
from django.db.models import Q

from authmigration import ContextType, Role, legacy
from monolith.accounts.models import User
from monolith.courses.models import Course, Enrolment
from tests.authmigration.legacy.declaring import STUDENT, TEACHER, declared

PEOPLE = [legacy.watch(User, user="pk")]


def table(**given):
    basis = {"user": "student", "context": "course", "role": "kind", "roles": {1: STUDENT}}
    return legacy.table(Enrolment, **{**basis, **given})


def hash_of(*values):
    return declared(*values).mapping_hash


ROLES = {1: STUDENT, 2: TEACHER}
BASIS = hash_of(table())


@pytest.mark.parametrize(
    "given",
    [
        {"roles": {1: TEACHER}},
        {"roles": {2: STUDENT}},
        {"roles": {1: legacy.refusal(STUDENT)}},
        {"roles": ROLES},
        {"ignore": {2: "a reason"}},
        {"where": Q(status="active")},
        {"valid_from": "registered_on"},
        {"valid_until": "ends_at"},
        {"context": "course__id"},
        {"user": "course__owner"},
        {"name": "other"},
        {"role": STUDENT, "roles": {}},
    ],
)
def test_another_meaning_of_the_table_is_another_mapping(given):
    assert hash_of(table(**given)) != BASIS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Q(status="active"), Q(status="pending")),
        (Q(status="active"), ~Q(status="active")),
        (Q(kind=1, status="a"), Q(kind=1) | Q(status="a")),
        (Q(kind=1) & ~Q(status="a", kind=2), Q(kind=1) & ~(Q(status="a") | Q(kind=2))),
        (Q(kind=1), Q(kind__gte=1)),
    ],
)
def test_another_condition_is_another_mapping(one, other):
    assert hash_of(table(where=one)) != hash_of(table(where=other))


def test_one_source_more_is_another_mapping():
    more = legacy.table(Course, user="owner", context="pk", role=TEACHER)

    assert hash_of(table(), more) != BASIS


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"write": legacy.write(off=legacy.DELETE_ROW)},
        {"roles": {1: Role("student", on="course", can={"course.view", "grade.view"})}},
    ],
)
def test_what_alters_no_fact_makes_nobody_stale(given):
    assert hash_of(table(**given)) == BASIS


def test_a_reason_for_ignoring_may_be_reworded():
    assert hash_of(table(ignore={2: "old words"})) == hash_of(table(ignore={2: "new words"}))


def test_the_order_of_values_and_of_sources_means_nothing():
    more = legacy.table(Course, user="owner", context="pk", role=TEACHER)
    turned = dict(reversed(ROLES.items()))

    assert hash_of(table(roles=ROLES), more) == hash_of(more, table(roles=turned))


def test_what_a_role_can_is_no_part_of_the_mapping():
    more = Role("ta", on="course", can={"grade.edit"})

    assert declared(table(), TA=more).mapping_hash == BASIS


def test_where_a_context_lies_is_no_part_of_the_mapping():
    other = ContextType("other", User)

    assert declared(table(), OTHER=other).mapping_hash == BASIS


def sources(module, text):
    namespace = {"legacy": legacy, "STUDENT": STUDENT, "PEOPLE": PEOPLE, "__name__": "platform"}
    path = module / "generated.py"
    path.write_text(text)
    exec(compile(text, str(path), "exec"), namespace)
    return declared(namespace["source"]).mapping_hash


HEAD = "@legacy.roles(watch=PEOPLE)\ndef source(user):\n"


def test_what_a_function_does_is_part_of_the_mapping(tmp_path):
    one = sources(tmp_path, f"{HEAD}    yield STUDENT.at(1)\n")
    (tmp_path / "other").mkdir()
    two = sources(tmp_path / "other", f"{HEAD}    yield STUDENT.at(2)\n")

    assert one != two


def test_comments_and_docstrings_of_a_function_are_not(tmp_path):
    plain = sources(tmp_path, f"{HEAD}    yield STUDENT.at(1)\n")
    (tmp_path / "other").mkdir()
    told = sources(
        tmp_path / "other", f'{HEAD}    """Say so."""\n    # why\n\n    yield STUDENT.at(1)\n'
    )

    assert plain == told


PRINT_HASH = """
import django
django.setup()
from django.db.models import Q
from tests.authmigration.legacy.test_mapping_hash import declared, table
print(declared(table(where=Q(status__in={"active", "pending", "kept", "old"}))).mapping_hash)
"""


@pytest.mark.slow
def test_every_process_finds_the_same_hash():
    found = {
        subprocess.run(
            [sys.executable, "-c", PRINT_HASH],
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "DJANGO_SETTINGS_MODULE": "monolith.settings",
            },
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(found) == 1
