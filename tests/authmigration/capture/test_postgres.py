"""What only PostgreSQL can do, and what it must not let through."""

import json

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction

from authmigration import capture
from authmigration.capture import TableState
from authmigration.errors import DeclarationError
from authmigration.legacy import watch
from authmigration.models import ChangeMark
from monolith.accounts.models import Person, Profile, User
from monolith.courses.models import Course, Enrolment
from monolith.schools.models import School, SchoolStaff
from tests.authmigration.capture.shapes import Listed, Member, Seat

pytestmark = pytest.mark.postgres

ENROLMENTS = watch(Enrolment, user="student", columns=["kind", "status"])
STAFF = watch(SchoolStaff, user="person__user", columns=["position"])
FLAGS = watch(User, user="pk", columns=["is_teacher"])


def sql(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def school(db):
    return School.objects.create(name="north")


@pytest.fixture
def course(school):
    return Course.objects.create(title="Algebra", code="A", school=school)


@pytest.fixture
def enrolment(anna, course):
    found = Enrolment.objects.create(student=anna, course=course)
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    return found


@pytest.fixture
def staff(anna, school):
    person = Person.objects.create(user=anna, full_name="Anna", staff_number="1")
    found = SchoolStaff.objects.create(person=person, school=school, position="principal")
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    return found


def test_copy_marks_everybody_that_it_brings(install, marked, anna, bert, course):
    install(ENROLMENTS)

    columns = "student_id, course_id, kind, status"
    with connection.cursor() as cursor:
        into = cursor.cursor.copy(f"COPY courses_enrolment ({columns}) FROM STDIN")
        with into as copy:
            for user in (anna, bert, anna):
                copy.write_row((user.pk, course.pk, 10, "active"))

    assert marked() == sorted([str(anna.pk), str(bert.pk)])


def test_a_truncated_table_leaves_one_mark_without_a_subject(install, marked, enrolment):
    install(ENROLMENTS)

    sql("TRUNCATE courses_enrolment")

    assert marked() == [""]


def test_a_cascade_of_the_database_is_seen(install, marked, anna, staff):
    install(STAFF)
    sql(
        "ALTER TABLE schools_schoolstaff ADD FOREIGN KEY (person_id) "
        "REFERENCES accounts_person ON DELETE CASCADE"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE confrelid = 'accounts_person'::regclass "
            "AND conrelid = 'schools_schoolstaff'::regclass AND confdeltype = 'a'"
        )
        (kept,) = cursor.fetchone()
    sql(f'ALTER TABLE schools_schoolstaff DROP CONSTRAINT "{kept}"', "DELETE FROM accounts_person")

    assert not SchoolStaff.objects.exists()
    assert marked() == [str(anna.pk)]


def test_many_rows_of_one_statement_leave_one_mark_without_a_subject(install, marked):
    Group.objects.bulk_create([Group(name=name) for name in "abc"])
    install(watch(Group, columns=["name"]))

    sql("UPDATE auth_group SET name = name || '!'")

    assert marked() == [""]


def test_one_statement_that_changes_two_tables_marks_every_end(
    install, marked, anna, bert, staff, school
):
    carl, dora = (User.objects.create(username=name) for name in ("carl", "dora"))
    other = Person.objects.create(user=carl, full_name="Carl", staff_number="2")
    install(STAFF)

    with connection.cursor() as cursor:
        cursor.execute(
            "WITH a AS (UPDATE accounts_person SET user_id = %s WHERE user_id = %s), "
            "b AS (UPDATE accounts_person SET user_id = %s WHERE user_id = %s) "
            "UPDATE schools_schoolstaff SET person_id = %s",
            [bert.pk, anna.pk, dora.pk, carl.pk, other.pk],
        )

    assert set(marked()) == {str(user.pk) for user in (anna, bert, carl, dora)}


def test_a_type_without_equality_is_compared(install, marked, anna):
    Profile.objects.create(user=anna, moderated_courses=[1])
    sql(
        "SET CONSTRAINTS ALL IMMEDIATE",
        "ALTER TABLE accounts_profile ALTER moderated_courses TYPE json",
    )
    install(watch(Profile, user="user", columns=["moderated_courses"]))

    sql("UPDATE accounts_profile SET about = 'x'")
    same = marked()
    sql(f"UPDATE accounts_profile SET moderated_courses = '{json.dumps([2])}'")

    assert (same, marked()) == ([], [str(anna.pk)])


def test_a_disabled_trigger_is_outdated_and_enabled_by_the_next_installation(install, enrolment):
    install(ENROLMENTS)
    (before,) = capture.status()
    sql(f"ALTER TABLE courses_enrolment DISABLE TRIGGER {before.triggers[0]}")

    (disabled,) = capture.status()
    report = capture.install()

    assert disabled.state is TableState.OUTDATED
    assert report.replaced == ("courses_enrolment",)
    assert capture.status() == (before,)


def test_a_function_changed_by_hand_is_outdated(install):
    install(ENROLMENTS)
    (before,) = capture.status()
    function = before.triggers[0].rpartition("_")[0]
    sql(
        f"CREATE OR REPLACE FUNCTION public.{function}() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN RETURN NULL; END $$"
    )

    assert capture.status()[0].state is TableState.OUTDATED
    assert capture.install().replaced == ("courses_enrolment",)
    assert capture.status() == (before,)


def test_a_table_made_anew_under_its_old_name_gets_its_triggers_again(install, marked, anna):
    install(watch(Group, columns=["name"]))
    sql("ALTER TABLE auth_group RENAME TO old_group", "CREATE TABLE auth_group (LIKE old_group)")

    (status,) = capture.status()
    capture.install()
    marked()
    sql("INSERT INTO auth_group VALUES (1, 'a')", "INSERT INTO old_group VALUES (2, 'b')")

    assert status.state is TableState.OUTDATED
    assert marked() == [""]


@pytest.mark.parametrize(
    "definition",
    [
        "VIEW capture_listed AS SELECT 1 AS id, NULL::uuid AS member_id",
        "TABLE capture_listed (id int, member_id uuid) PARTITION BY HASH (id)",
        "TABLE capture_listed () INHERITS (capture_shapes_graded)",
    ],
)
def test_what_no_statement_trigger_sees_whole_is_refused(declare, members, definition):
    sql(f"CREATE {definition}")
    declare(watch(Listed, user="member"))

    with pytest.raises(DeclarationError, match="capture_listed is a view, or a foreign, part"):
        capture.install()
    (status,) = capture.status()
    assert (status.state, status.triggers) == (TableState.UNSUPPORTED, ())
    assert not capture.is_installed()


def test_a_key_of_a_type_that_is_not_built_in_is_refused(declare, members):
    sql(
        "CREATE TYPE odd AS ENUM ('a')",
        "CREATE TABLE capture_listed (id odd PRIMARY KEY, member_id uuid)",
    )
    declare(watch(Listed, user="member"))

    with pytest.raises(DeclarationError, match="found by its column id, whose type is not built"):
        capture.install()


def test_a_table_of_another_schema_is_watched(install, marked, members):
    anna = Member.objects.create(username="anna")
    sql(
        "CREATE SCHEMA elsewhere",
        "CREATE TABLE elsewhere.seats (id serial PRIMARY KEY, member_id uuid, rank text)",
    )
    install(watch(Seat, user="member", columns=["rank"]))

    Seat.objects.create(member=anna, rank="low")

    assert marked() == [str(anna.pk)]


def test_a_savepoint_that_is_rolled_back_takes_its_mark_along(install, marked, anna, enrolment):
    install(ENROLMENTS)

    Enrolment.objects.update(kind=5)
    with transaction.atomic():
        Enrolment.objects.update(kind=10)
        transaction.set_rollback(True)

    assert ChangeMark.objects.count() == 1
    assert marked() == [str(anna.pk)]
