"""Which columns and joins lead from a table to its user."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import models

from authmigration.capture import routes, tables
from authmigration.errors import DeclarationError
from authmigration.legacy import watch
from monolith.accounts.models import Person, User
from monolith.courses.models import Course, Enrolment
from monolith.schools.models import SchoolStaff
from tests.authmigration.capture import shapes


def captured(*watches):
    return {table.name: table for table in tables.captured_tables(watches)}


def test_a_foreign_key_to_the_user_needs_no_join():
    (rule,) = captured(watch(Enrolment, user="student"))["courses_enrolment"].rules

    assert rule.route == routes.Route("student_id", (), is_uuid=False)


def test_each_foreign_key_further_on_is_one_join():
    found = captured(watch(SchoolStaff, user="person__user", columns=["position"]))

    (rule,) = found["schools_schoolstaff"].rules
    assert rule.route.start == "person_id"
    assert rule.route.hops == (routes.Hop("accounts_person", "id", "user_id"),)


def test_a_table_on_the_way_to_the_user_is_watched_undeclared():
    found = captured(watch(SchoolStaff, user="person__user", columns=["position"]))

    assert found["accounts_person"].columns == ("id", "user_id")
    assert found["accounts_person"].rules[0].route.start == "user_id"


def test_the_first_column_of_the_path_is_watched_undeclared():
    table = captured(watch(Enrolment, user="student", columns=["kind"]))["courses_enrolment"]

    assert table.columns == ("id", "kind", "student_id")


def test_watches_of_one_table_and_one_path_are_one_rule():
    table = captured(
        watch(Enrolment, user="student", columns=["kind"]),
        watch(Enrolment, user="student", columns=["status"]),
        watch(Enrolment, columns=["course"]),
    )["courses_enrolment"]

    assert [rule.columns for rule in table.rules] == [
        ("course_id",),
        ("kind", "status", "student_id"),
    ]


def test_the_order_of_declarations_does_not_matter():
    one, other = watch(Enrolment, user="student"), watch(Course, columns=["school"])

    assert tables.captured_tables([one, other]) == tables.captured_tables([other, one])


def test_the_user_table_itself_is_named_by_pk():
    (rule,) = captured(watch(User, user="pk", columns=["is_teacher"]))["accounts_user"].rules

    assert rule.route == routes.Route("id", (), is_uuid=False)


def test_a_key_to_a_name_adds_the_table_of_users(monkeypatch):
    monkeypatch.setattr(routes, "get_user_model", lambda: shapes.Member)

    found = captured(watch(shapes.Chair, user="who", columns=["rank"]))

    (rule,) = found["Capture Chairs"].rules
    assert rule.route.start == "Who sits"
    assert rule.route.hops == (routes.Hop("capture_shapes_member", "username", "id"),)
    assert found["capture_shapes_member"].columns == ("id", "username")


def test_the_own_table_of_an_inherited_model_is_watched_whatever_the_columns():
    found = captured(watch(shapes.Deanery, columns=["title"]))

    assert {name: table.columns for name, table in found.items()} == {
        "capture_shapes_deanery": ("office_ptr_id",),
        "capture_shapes_office": ("id", "title"),
    }


def test_names_stay_the_same_and_fit_into_an_identifier():
    table = captured(watch(Enrolment, user="student"))["courses_enrolment"]

    assert table.capture_name == "authz_capture_ee546b9ad5"
    assert len(f"{table.capture_name}_truncate") <= 63


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (watch(Enrolment, user="course"), "user='course', which does not lead to accounts.User"),
        (watch(Enrolment, user="pk"), "user='pk', which does not lead to accounts.User"),
        (watch(User, user="username"), "user='username', which does not lead to accounts.User"),
        (watch(Enrolment, user="studnet"), "'studnet' in 'studnet' is no column"),
        (watch(Enrolment, user="kind__user"), "is no foreign key"),
        (watch(Group, columns=["nmae"]), "'nmae' in 'nmae' is no column of auth.Group"),
        (watch(Course, columns=["assistants"]), "is no column of courses.Course"),
        (watch(SchoolStaff, user="person"), "does not lead to accounts.User"),
    ],
)
def test_a_declaration_that_leads_nowhere_is_refused(declared, message):
    with pytest.raises(DeclarationError, match="(?s)" + message.replace("(", r"\(")):
        captured(declared)


def test_a_key_of_users_whose_text_is_uncertain_is_refused(monkeypatch):
    class Dated(models.Model):
        day = models.DateField(primary_key=True)

        class Meta:
            app_label = "capture_dated"

    monkeypatch.setattr(routes, "get_user_model", lambda: Dated)

    with pytest.raises(DeclarationError, match="is a DateField, whose text"):
        captured(watch(Dated, user="pk"))


def test_the_real_user_model_is_asked_for_late():
    assert routes.get_user_model is get_user_model
    assert captured(watch(Person, user="user"))["accounts_person"].rules[0].route.hops == ()
