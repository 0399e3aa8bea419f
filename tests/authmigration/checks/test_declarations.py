"""What is wrong with the declarations, and with what views ask for."""

from datetime import UTC, datetime

import pytest
from django.db.models import Q

from auth_lib import Role
from authmigration import ContextType, checks, legacy, uses
from authmigration.checks import declarations, listed
from authmigration.http.middleware import AuthzMiddleware
from monolith.accounts.models import User
from monolith.courses.models import Course, Enrolment
from monolith.schools.models import School

COURSE = ContextType("course", Course)
STUDENT = Role("student", on="course", can={"course.view"})


def enrolments(**changes):
    given = {"user": "student", "context": "course", "role": "kind", "roles": {10: STUDENT}}
    return legacy.table(Enrolment, **{**given, **changes})


def messages():
    return [each.msg for each in checks.check_declarations()]


def test_the_declarations_of_the_monolith_are_in_order():
    assert checks.check_declarations() == []
    assert checks.check_uses() == []
    assert checks.check_lists() == []
    assert checks.check_middleware() == []


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (enrolments(roles={}), "role='kind' is a column, so roles={...} is needed"),
        (enrolments(user="studnet"), "'studnet' in 'studnet' is no column of courses.Enrolment"),
        (enrolments(where=Q(sttus="x")), "'sttus' in 'sttus' is no column of courses.Enrolment"),
        (enrolments(where=Q(ends_at__gt=datetime.now(UTC))), "Say valid_from= or valid_until="),
        (enrolments(user="course"), "user='course' does not lead to accounts.User"),
        (enrolments(ignore={10: "x"}), "10 is both mapped and ignored"),
        (enrolments(roles={10: Role("tutor", on="course")}), "which no authz.py declares"),
        (enrolments(roles={10: Role("student", on="corse")}), "yields the role corse/student"),
    ],
)
def test_authmigration_e004_names_what_a_source_gets_wrong(declare, source, message):
    declare(COURSE=COURSE, STUDENT=STUDENT, SOURCE=source)

    assert any(message in each for each in messages()), messages()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"A": Role("tutor", on="corse")}, "is on the undeclared context type 'corse'"),
        ({"A": Role("student", on="course")}, "Role course/student is declared at"),
        ({"A": Role("tutor", on="course", can={"edit"})}, "'edit' is not of the form noun.verb"),
        ({"A": ContextType("school", School, parent="owner")}, "is no foreign key of"),
        ({"A": legacy.check("course.edti")(lambda user, course: True)}, "which no role can do"),
        ({"A": legacy.list("course.edti")(lambda user: None)}, "which no role can do"),
        (
            {"A": legacy.roles(watch=[legacy.watch(Course, user="school")])(lambda user: ())},
            "does not lead to accounts.User",
        ),
        (
            {"A": legacy.roles(watch=[legacy.watch(User, columns=["rank"])])(lambda user: ())},
            "'rank' in 'rank' is no column of accounts.User",
        ),
    ],
)
def test_authmigration_e004_names_what_a_declaration_gets_wrong(declare, values, message):
    declare(COURSE=COURSE, STUDENT=STUDENT, **values)

    assert any(message in each for each in messages()), messages()


def test_authmigration_e004_is_one_error_for_each_problem_with_a_hint(declare):
    declare(COURSE=COURSE, A=enrolments(name="a", roles={}), B=enrolments(name="b", roles={}))

    found = checks.check_declarations()

    assert [each.id for each in found] == ["authmigration.E004"] * 2
    assert {each.hint for each in found} == {
        "Correct it in the authz.py; `manage.py check` shows what is left."
    }


def test_with_wrong_declarations_the_other_checks_say_nothing_and_do_not_break(declare):
    declare(SOURCE=enrolments(roles={}))

    assert checks.check_uses() == []
    assert checks.check_lists() == []


def test_authmigration_e009_names_the_view_and_the_nearest_permission(monkeypatch):
    use = uses.Use("course.veiw", "school.views.CourseList")
    monkeypatch.setattr(declarations, "declared_uses", lambda: (use,))

    (error,) = checks.check_uses()

    assert error.id == "authmigration.E009"
    assert error.msg.startswith("school.views.CourseList asks for 'course.veiw'.")
    assert "Did you mean 'course.view'?" in error.msg
    assert "Correct the name there" in error.hint


def may_view(user, course):
    return True


def test_authmigration_w001_asks_for_the_old_list_where_the_host_lists_by_the_permission(declare):
    declare(COURSE=COURSE, STUDENT=STUDENT, CHECK=legacy.check("course.view")(may_view))

    (warning,) = checks.check_lists()

    assert warning.id == "authmigration.W001"
    assert not warning.is_serious()
    assert warning.msg.startswith("'course.view' has a legacy check and no legacy list")
    assert '@legacy.list("course.view")' in warning.hint


def test_a_permission_that_nothing_lists_needs_no_old_list(declare):
    role = Role("clerk", on="course", can={"course.stamp"})
    declare(COURSE=COURSE, CLERK=role, CHECK=legacy.check("course.stamp")(may_view))

    assert checks.check_lists() == []


def test_a_permission_with_its_old_list_is_in_order(declare):
    declare(
        COURSE=COURSE,
        STUDENT=STUDENT,
        CHECK=legacy.check("course.view")(may_view),
        LIST=legacy.list("course.view")(lambda user: Course.objects.all()),
    )

    assert checks.check_lists() == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("filter_queryset(user, 'a.b', rows)", {"a.b"}),
        ("x = authmigration.filter_queryset(user, permission='a.b', rows=rows)", {"a.b"}),
        ("class V(FilteredQuerysetMixin):\n    list_permission = 'a.b'", {"a.b"}),
        ("class V:\n    authz_permissions = {'list': 'a.b', 'update': 'a.c'}", {"a.b"}),
        ("class V:\n    authz_permissions = {'get': 'a.b', **more}", {"a.b"}),
        ("filter_queryset(user, name, rows); filter_queryset(user)", set()),
        ("check(user, 'a.b', row)", set()),
        (
            'c = AuthzModelChoiceField(Course.objects.all(), permission="course.enrol")',
            {"course.enrol"},
        ),
        ('c = ModelChoiceField(Course.objects.all(), permission="course.enrol")', set()),
        ('authz_permissions = {"view": "course.view", "add": "course.edit"}', {"course.view"}),
    ],
)
def test_the_permissions_of_lists_are_read_from_source(source, found):
    assert set(listed.listed_in(source)) == found


def test_the_lists_of_the_monolith_are_found():
    uses.declared_uses()

    assert {"course.view", "grade.view"} <= listed.listed_permissions()


def test_authmigration_w002_says_where_the_middleware_belongs(settings):
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if not m.endswith("AuthzMiddleware")]

    (warning,) = checks.check_middleware()

    assert (warning.id, warning.is_serious()) == ("authmigration.W002", False)
    assert "behind AuthenticationMiddleware" in warning.hint


class OwnMiddleware(AuthzMiddleware):
    """What a host makes of it."""


def test_a_middleware_of_the_host_that_inherits_from_ours_will_do(settings):
    others = [m for m in settings.MIDDLEWARE if not m.endswith("AuthzMiddleware")]
    settings.MIDDLEWARE = ["no.such.Middleware", *others, f"{__name__}.OwnMiddleware"]

    assert checks.check_middleware() == []
