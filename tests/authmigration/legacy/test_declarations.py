"""A declaration that cannot be right is refused at start-up, with the mend."""

from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Exists, F, Q
from django.db.models.functions import Now
from django.utils import timezone

from auth_lib import ContextKind, Policy, Role
from authmigration import ContextType, legacy
from authmigration.errors import DeclarationError
from monolith.accounts.models import Profile, User
from monolith.courses.models import Course, Enrolment
from monolith.gradebook.models import Exercise
from monolith.schools.models import SchoolStaff
from tests.authmigration.legacy.declaring import (
    BOSS,
    COURSE,
    HEAD,
    STUDENT,
    TEACHER,
    declared,
    problems_of,
)

COLUMNS = "It has: course, ends_at, id, kind, registered_on, status, student."


def table(model=Enrolment, **given):
    chosen = {"user": "student", "context": "course", "role": STUDENT, **given}
    return legacy.table(model, **chosen)


def test_a_sound_declaration_is_taken():
    assert problems_of(table()) == ""


@pytest.mark.parametrize(
    "given",
    [
        {"user": "studnet"},
        {"context": "courze"},
        {"role": "kimd", "roles": {1: STUDENT}},
        {"valid_from": "begins"},
        {"valid_until": "ends"},
        {"where": Q(stauts="active")},
        {"where": Q(kind=1) | ~Q(stauts="active")},
    ],
)
def test_a_missing_column_is_named_beside_those_that_exist(given):
    found = problems_of(table(**given))

    assert "is no column of courses.Enrolment." in found
    assert COLUMNS in found


def test_a_missing_column_behind_a_foreign_key_is_looked_for_there():
    found = problems_of(table(where=Q(course__archivd=False)))

    assert "'archivd' in 'course__archivd' is no column of courses.Course." in found


def test_nothing_lies_behind_a_plain_column():
    assert "'kind' in 'kind__name' is no foreign key" in problems_of(
        table(role="kind__name", roles={1: STUDENT})
    )


def test_a_many_to_many_is_no_column():
    source = legacy.table(Course, user="assistants", context="pk", role=TEACHER)

    assert "'assistants' in 'assistants' is no column of courses.Course." in problems_of(source)


@pytest.mark.parametrize("user", ["course", "kind", "course__school"])
def test_the_path_to_the_user_must_lead_there(user):
    assert f"user={user!r} does not lead to accounts.User" in problems_of(table(user=user))


def test_a_key_is_the_users_own_on_the_user_model_alone():
    own = legacy.table(User, user="pk", role=BOSS, where=Q(is_superuser=True))

    assert problems_of(own) == ""
    assert "does not lead to accounts.User" in problems_of(table(user="pk"))


def test_a_misspelt_role_is_one_that_no_authz_declares():
    found = problems_of(table(role=Role("studnet", on="course", can={"course.view"})))

    assert "yields the role course/studnet" in found
    assert "which no authz.py declares at its top level" in found


def test_a_column_of_roles_needs_to_be_mapped():
    assert "role='kind' is a column, so roles={...} is needed" in problems_of(table(role="kind"))


def test_a_role_has_nothing_to_map():
    assert "role= is a role, so roles={...} has nothing to map" in problems_of(
        table(roles={1: STUDENT})
    )


def test_a_value_is_not_both_mapped_and_ignored():
    source = table(role="kind", roles={1: STUDENT}, ignore={1: "a guest"})

    assert "1 is both mapped and ignored" in problems_of(source)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_value_is_not_ignored_without_a_reason(reason):
    source = table(role="kind", roles={1: STUDENT}, ignore={2: reason})

    assert "2 is ignored without a reason" in problems_of(source)


def test_one_source_has_roles_on_one_type():
    source = table(role="kind", roles={1: STUDENT, 2: HEAD})

    assert "its roles are on course, school; one source, one type" in problems_of(source)


def test_a_role_on_a_course_needs_a_context():
    assert "context= is missing; its roles are on course" in problems_of(table(context=None))


def test_a_role_on_the_platform_takes_no_context():
    assert "a role on the platform takes no context=" in problems_of(table(role=BOSS))


@pytest.mark.parametrize("moment", [timezone.now(), date(2030, 1, 1), Now()])
def test_a_condition_holds_no_date(moment):
    found = problems_of(table(where=Q(kind=1) & ~Q(ends_at__gt=moment)))

    assert "where= compares 'ends_at__gt' with a date" in found
    assert "Say valid_from= or valid_until= instead." in found


@pytest.mark.parametrize(
    "value",
    [F("course__school"), Course.objects.filter(archived=True), Exists(Course.objects.all())],
)
def test_a_condition_compares_with_values_since_nothing_else_is_watched(value):
    found = problems_of(table(where=Q(course__in=value)))

    assert "where= may hold comparisons of columns with values only" in found


def test_a_condition_must_be_one_that_the_database_understands():
    unknown, unfit = table(where=Q(kind__lke=1)), table(where=Q(kind="learner"), name="other")

    found = problems_of(unknown, unfit)

    assert "where= cannot be asked of the database: Unsupported lookup 'lke'" in found
    assert "Field 'kind' expected a number but got 'learner'." in found


def test_a_condition_holds_no_expression():
    found = problems_of(table(where=Q(Exists(Course.objects.all()))))

    assert "where= may hold comparisons of columns with values only" in found


@pytest.mark.parametrize("use", ["valid_from", "valid_until"])
def test_a_beginning_and_an_end_are_columns_of_dates(use):
    found = problems_of(table(**{use: "kind"}))

    assert f"{use}='kind' is no column of dates" in found


def test_a_value_that_the_column_can_never_hold_is_refused():
    found = problems_of(table(role="kind", roles={"L": STUDENT}))

    assert "'L' is no value of the column 'kind'" in found


def test_a_value_to_ignore_that_the_column_can_never_hold_is_refused():
    source = table(role="kind", roles={1: STUDENT}, ignore={"W": "withdrawn"})

    assert "'W' is no value of the column 'kind'" in problems_of(source)


@pytest.mark.parametrize(
    "write",
    [
        legacy.write(off={"stauts": "withdrawn"}),
        legacy.write(on={"stauts": "active"}, off=legacy.DELETE_ROW),
    ],
)
def test_a_column_to_write_must_exist(write):
    found = problems_of(table(write=write))

    assert "'stauts' in 'stauts' is no column of courses.Enrolment." in found


def test_two_sources_of_one_table_need_names():
    first, second = table(where=Q(kind=1)), table(where=Q(kind=2), role=TEACHER)
    named = table(where=Q(kind=2), role=TEACHER, name="teachers")

    assert "Two sources are called 'courses.Enrolment'; give one of them name=." in problems_of(
        first, second
    )
    assert problems_of(first, named) == ""


def test_all_problems_are_listed_at_once():
    with pytest.raises(DeclarationError) as raised:
        declared(table(user="studnet", context="courze", valid_until="ends"))

    assert len(raised.value.problems) == 3


def test_a_declaration_error_stops_django_as_a_wrong_setting_does():
    assert issubclass(DeclarationError, ImproperlyConfigured)


def test_a_parent_is_a_path_of_foreign_keys():
    kind = ContextType("exercise", Exercise, parent="title")

    found = problems_of(kind)

    assert "'title' in parent='title' is no foreign key of gradebook.Exercise." in found
    assert "It has: course." in found


def test_a_parent_leads_to_a_declared_type():
    kind = ContextType("post", SchoolStaff, parent="person")

    assert "leads to accounts.Person, which is no declared context type" in problems_of(kind)


def test_a_contradiction_of_the_policy_is_one_of_the_declaration():
    assert "implies" in problems_of(Role("x", on="course", implies=[HEAD]))
    assert "Context type 'course' is declared twice." in problems_of(ContextType("course", Profile))


def test_an_old_check_is_for_a_permission_that_some_role_has():
    @legacy.check("course.edti")
    def may_edit(user, course):
        return True

    assert "is for 'course.edti', which no role can do." in problems_of(may_edit)


@pytest.mark.parametrize("declare", [legacy.check, legacy.list])
def test_a_permission_has_one_old_answer(declare):
    def first(user, course):
        return True

    def second(user, course):
        return False

    found = problems_of(declare("course.edit")(first), declare("course.edit")(second))

    assert "for 'course.edit';" in found
    assert "second is the second." in found


def test_a_policy_says_what_needs_no_role():
    found = declared(Policy(anonymous={"help.view"}, authenticated={"home.view"})).policy

    assert (found.anonymous, found.authenticated) == ({"help.view"}, {"home.view"})


def test_a_type_is_seen_by_the_policy_with_its_parent():
    found = declared().policy

    assert found.kind_of["course"] == ContextKind("course", "school")


def test_a_name_that_is_imported_twice_counts_once():
    source = table()

    assert len(declared(source, again=source, role=STUDENT, kind=COURSE).sources) == 1
